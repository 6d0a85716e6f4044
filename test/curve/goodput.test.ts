import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RequestBounds } from '../../lib/curve/goodput.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { metricsOf } from '../../lib/timing/metrics.ts';
import { queryRecords } from '../record/duckdb.ts';
import { sloFrom } from './bounds.ts';
import { dataOf, type Sample, sample } from './sample-stage.ts';
import { changeCohort, steadyStage } from './steady-stage.ts';

const goodputOf = (stage: Sample, perRequest: unknown) => pointOf(dataOf(stage), sloFrom({ perRequest })).goodput;

/** Every answer of the steady stage: TTFT 50.02 ms or so, TPOT 35 ms or so, latency 190 ms. */
const steady = steadyStage();

describe('goodput: share of the cohort less cancelled, and per second, that kept all bounds of perRequest', () => {
  const cases: readonly { why: string; bounds: unknown; share: number; perSecond: number }[] = [
    { why: 'just at the bound is good', bounds: { latency: '190ms' }, share: 1, perSecond: 20 },
    { why: 'a microsecond above is a miss', bounds: { latency: '189.999ms' }, share: 0, perSecond: 0 },
    { why: 'well below', bounds: { latency: '10s' }, share: 1, perSecond: 20 },
    { why: 'one bound of two is missed', bounds: { latency: '10s', ttft: '1ms' }, share: 0, perSecond: 0 },
  ];
  for (const { why, bounds, share, perSecond } of cases) {
    it(why, () => assert.deepEqual(goodputOf(steady, bounds), { share, requestsPerSecond: perSecond, skipped: 0 }));
  }

  it('is null without bounds on single requests', () => {
    assert.equal(pointOf(dataOf(steady), sloFrom({ errorRate: 0.1 })).goodput, null);
    assert.equal(pointOf(dataOf(steady)).goodput, null);
  });

  // The first stream's 100 requests are changed. Its last answer due in the warm-up ends as the window opens, and counts.
  it('a failure is a miss, what was cancelled is left out', () => {
    const failed = goodputOf(changeCohort(steady, 100, { outcome: 'truncated' }), { latency: '1s' });
    assert.deepEqual([failed?.share, failed?.requestsPerSecond], [0.75, 15.05]);
    const cancelled = goodputOf(changeCohort(steady, 100, { outcome: 'cancelled' }), { latency: '1s' });
    assert.deepEqual([cancelled?.share, cancelled?.requestsPerSecond], [1, 15.05]);
  });

  it('nothing answered: none is good; nothing sent: null', () => {
    const none = goodputOf(changeCohort(steady, 400, { outcome: 'http_error' }), { latency: '1s' });
    assert.deepEqual([none?.share, none?.requestsPerSecond], [0, 4 / 20]);
    assert.deepEqual(goodputOf({ ...steady, records: [] }, { latency: '1s' }), {
      share: null,
      requestsPerSecond: null,
      skipped: 0,
    });
  });

  it('a bound on a metric that is null is skipped and counted', () => {
    const oneToken = changeCohort(steady, 30, { streamedTokens: 1 });
    assert.deepEqual(goodputOf(oneToken, { tpot: '1s', latency: '1s' }), {
      share: 1,
      requestsPerSecond: 20,
      skipped: 30,
    });
  });

  it('unknown tokens miss a bound on TPOT, and only that', () => {
    const unknown = changeCohort(steady, 100, { streamedTokens: null });
    assert.deepEqual([goodputOf(unknown, { tpot: '1s' })?.share, goodputOf(unknown, { ttft: '1s' })?.share], [0.75, 1]);
  });

  it('is null, not everything, when no bound could be held against any answer', () => {
    const whole = changeCohort(steady, 400, { streamed: false });
    assert.deepEqual(goodputOf(whole, { ttft: '1s' }), { share: null, requestsPerSecond: null, skipped: 400 });
  });
});

const boundsOf = (perRequest: unknown): RequestBounds => {
  const bounds = sloFrom({ perRequest }).perRequest;
  if (!bounds) throw new Error('there are bounds');
  return bounds;
};

/** Record by record, in words. */
function isGood(record: RequestRecord, bounds: RequestBounds): boolean {
  const { ttftMs, ttfoMs, tpotMs, latencyMs } = metricsOf(record);
  if (record.outcome !== 'ok') return false;
  if (bounds.tpot !== null && record.streamedTokens === null) return false;
  const over = (value: number | null, bound: number | null) => value !== null && bound !== null && value > bound;
  return ![
    over(ttftMs, bounds.ttft),
    over(ttfoMs, bounds.ttfo),
    over(tpotMs, bounds.tpot),
    over(latencyMs, bounds.latency),
  ].includes(true);
}

const ms = (from: number, to: number) => fc.integer({ min: from, max: to }).map((value) => `${value}ms`);

describe('goodput of random stages', () => {
  it('is what counting one record after another gives', () => {
    const bounds = fc.record({ ttft: ms(50, 200), ttfo: ms(50, 200), tpot: ms(5, 150), latency: ms(150, 700) });
    fc.assert(
      fc.property(fc.integer(), bounds, (seed, perRequest) => {
        const stage = sample({ seed: String(seed), design: { windowMs: 6000 }, failureShare: 0.1 });
        const goodput = goodputOf(stage, perRequest);
        const limits = boundsOf(perRequest);
        const cohort = stage.records.filter(({ phase, outcome }) => phase === 'cohort' && outcome !== 'cancelled');
        assert.equal(goodput?.share, cohort.filter((record) => isGood(record, limits)).length / cohort.length);
        const ended = stage.records.filter(({ endUs }) => endUs !== null && endUs >= 2e6 && endUs < 8e6);
        assert.equal(goodput?.requestsPerSecond, ended.filter((record) => isGood(record, limits)).length / 6);
      }),
      { numRuns: 20 },
    );
  });

  it('never falls when a bound is raised', () => {
    const stage = sample({ seed: 'raised', failureShare: 0.05 });
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 700 }), fc.integer({ min: 0, max: 300 }), (latency, more) => {
        const share = (bound: number) => goodputOf(stage, { latency: `${bound}ms` })?.share ?? Number.NaN;
        assert.ok(share(latency) <= share(latency + more));
      }),
      { numRuns: 20 },
    );
  });

  it('is what DuckDB counts in the stored records', async () => {
    const stage = sample({ seed: 'duckdb', failureShare: 0.1 });
    const [row = {}] = await queryRecords(
      [encodeRecords(stage.records)],
      `select count(*) filter (outcome = 'ok' and lastTokenUs - sentUs <= 350000 and firstTokenUs - sentUs <= 100000)
         / count(*) as share from records where phase = 'cohort' and outcome <> 'cancelled'`,
    );
    const goodput = goodputOf(stage, { latency: '350ms', ttft: '100ms' });
    assert.ok(Math.abs((goodput?.share ?? 0) - Number(row['share'])) < 1e-12);
    assert.ok((goodput?.share ?? 0) > 0.1 && (goodput?.share ?? 1) < 0.9);
  });
});
