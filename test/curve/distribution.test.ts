import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import { metricsOf } from '../../lib/timing/metrics.ts';
import { dataOf, sample } from './sample-stage.ts';
import { changeCohort, steadyStage } from './steady-stage.ts';

describe('percentiles with failures', () => {
  const latencies = (failures: number) =>
    pointOf(dataOf(changeCohort(steadyStage(), failures, { outcome: 'timeout', outcomeDetail: 'total' })));

  it('count a failure as infinitely slow', () => {
    const { latencyMs } = latencies(40);
    // Position (400 − 1) × 0.9 = 359.1 has a neighbour among the 40 that failed: places 360 to 399.
    assert.deepEqual(latencyMs.withFailures, { p50: 190, p90: 'not_reached', p95: 'not_reached', p99: null });
    assert.equal(latencyMs.p90, 190);
  });

  it('are reached as long as no neighbour with a weight failed', () => {
    assert.equal(latencies(39).latencyMs.withFailures.p90, 190);
  });

  it('count a failure as no tokens per second', () => {
    const { tokensPerSecondPerUser } = latencies(201);
    assert.equal(tokensPerSecondPerUser.withFailures.p50, 0);
    assert.ok((tokensPerSecondPerUser.p50 ?? 0) > 0);
  });

  it('put the failures below all answers when they count as nothing', () => {
    const { stage, records, receipts } = sample({ failureShare: 0.3 });
    const { tokensPerSecondPerUser } = pointOf(dataOf({ stage, records, receipts }));
    const cohort = records.filter(({ phase, outcome }) => phase === 'cohort' && outcome !== 'cancelled');
    const rates = cohort.map((record) => metricsOf(record).tokensPerSecondPerUser ?? 0).sort((a, b) => a - b);
    const middle = (rates.length - 1) / 2;
    const expected = ((rates[Math.floor(middle)] ?? 0) + (rates[Math.ceil(middle)] ?? 0)) / 2;
    assert.equal(tokensPerSecondPerUser.withFailures.p50, expected);
  });

  it('leave out what was cancelled, and answers for which the metric has no value', () => {
    const some = changeCohort(steadyStage(), 390, { outcome: 'cancelled' });
    assert.equal(pointOf(dataOf(some)).latencyMs.withFailures.p50, 190);
    const whole = changeCohort(steadyStage(), 395, {
      streamed: false,
      firstTokenUs: null,
      firstVisibleTokenUs: null,
      lastTokenUs: null,
    });
    const { ttftMs, latencyMs } = pointOf(dataOf(whole));
    assert.deepEqual([ttftMs.samples, ttftMs.withFailures.p50, latencyMs.samples], [5, null, 400]);
  });
});

describe('the shape of a distribution', () => {
  it('is 41 R-7 quantiles at 0, 2.5, …, 100 %, from the least value over the median to the largest', () => {
    const { latencyMs, ttftMs, tpotMs } = pointOf(dataOf(sample({ seed: 'shape' })));
    for (const { quantiles, p50, p90, p95, max } of [latencyMs, ttftMs, tpotMs]) {
      assert.equal(quantiles?.length, 41);
      assert.deepEqual([quantiles?.[20], quantiles?.[36], quantiles?.[38], quantiles?.[40]], [p50, p90, p95, max]);
      assert.deepEqual(
        quantiles,
        quantiles?.toSorted((a, b) => a - b),
      );
    }
  });

  it('is kept of TTFT, TPOT and latency alone', () => {
    const { ttfoMs, latencyFromDueMs, tokensPerSecondPerUser } = pointOf(dataOf(sample({ seed: 'shape' })));
    for (const { quantiles } of [ttfoMs, latencyFromDueMs, tokensPerSecondPerUser]) assert.equal(quantiles, null);
  });

  it('takes twenty samples, failures not among them', () => {
    const shape = (failures: number) =>
      pointOf(dataOf(changeCohort(steadyStage(), failures, { outcome: 'truncated' }))).latencyMs.quantiles;
    assert.equal(shape(380)?.length, 41);
    assert.equal(shape(381), null);
  });
});
