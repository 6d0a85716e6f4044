import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import { shareInterval } from '../../lib/curve/share-interval.ts';
import { isSloWithinNoise } from '../../lib/curve/slo-noise.ts';
import { verdictOf } from '../../lib/curve/verdict.ts';
import { sloFrom } from './bounds.ts';
import { dataOf, type Sample, sample } from './sample-stage.ts';
import { changeCohort, steadyStage } from './steady-stage.ts';

const steady = steadyStage();
const noisy = sample({ seed: 'noisy' });
const noisyPoint = pointOf(dataOf(noisy));
const [low, high] = noisyPoint.latencyMs.ci.p50;
const middle = noisyPoint.latencyMs.p50 ?? 0;
const failing = (count: number) => changeCohort(steady, count, { outcome: 'timeout', outcomeDetail: 'total' });
const at = (percentile: string, ms: number) => ({ percentiles: { latency: { [percentile]: `${ms.toFixed(3)}ms` } } });
const isNoise = (stage: Sample, slo: unknown) => isSloWithinNoise(pointOf(dataOf(stage), sloFrom(slo)));

describe('whether chance may have turned a verdict on the SLO', () => {
  assert.ok(low !== null && high !== null && low < middle && middle < high);
  const cases: readonly { why: string; stage: Sample; slo: unknown; noise: boolean }[] = [
    { why: 'met, the bound above the interval', stage: noisy, slo: at('p50', high + 1), noise: false },
    { why: 'met, the bound within it', stage: noisy, slo: at('p50', (middle + high) / 2), noise: true },
    { why: 'missed, the bound within it', stage: noisy, slo: at('p50', (middle + low) / 2), noise: true },
    { why: 'missed, the bound below it', stage: noisy, slo: at('p50', low - 1), noise: false },
    { why: 'met far off, though the interval has no upper end', stage: noisy, slo: at('p99', 3_600_000), noise: false },
    { why: 'errors: none at all', stage: steady, slo: { errorRate: 0.001 }, noise: false },
    {
      why: 'errors: 3 of 400, met below 1 % and perhaps above',
      stage: failing(3),
      slo: { errorRate: 0.01 },
      noise: true,
    },
    { why: 'errors: 5 of 400, missed and perhaps below 1 %', stage: failing(5), slo: { errorRate: 0.01 }, noise: true },
    { why: 'errors: 20 of 400 are above 1 % for sure', stage: failing(20), slo: { errorRate: 0.01 }, noise: false },
    {
      why: 'failures near the percentile: met, and perhaps not reached',
      stage: failing(15),
      slo: at('p95', 3_600_000),
      noise: true,
    },
    { why: 'just too many failures for it', stage: failing(25), slo: at('p95', 3_600_000), noise: true },
    { why: 'far too many', stage: failing(60), slo: at('p95', 3_600_000), noise: false },
    {
      why: 'goodput at its bound',
      stage: failing(39),
      slo: { perRequest: { latency: '1s' }, goodputShare: 0.9 },
      noise: true,
    },
    {
      why: 'one bound missed for sure decides, whatever lies near another',
      stage: noisy,
      slo: { percentiles: { latency: { p50: `${((middle + low) / 2).toFixed(3)}ms`, p90: '1ms' } } },
      noise: false,
    },
    { why: 'undecided is no question of noise', stage: steady, slo: at('p99', 1000), noise: false },
  ];
  for (const { why, stage, slo, noise } of cases) it(why, () => assert.equal(isNoise(stage, slo), noise));

  it('goes into the verdict of the stage', () => {
    const point = pointOf(dataOf(noisy), sloFrom(at('p50', (middle + high) / 2)));
    const { slo, sloWithinNoise } = verdictOf({ point, own: point });
    assert.deepEqual([slo, sloWithinNoise], ['met', true]);
  });
});

describe('the interval of a share', () => {
  // By the formula of the score interval; 10 of 100 also stands in textbooks.
  const cases = [
    { count: 10, of: 100, low: 0.0552, high: 0.1744 },
    { count: 0, of: 10, low: 0, high: 0.2775 },
    { count: 10, of: 10, low: 0.7225, high: 1 },
    { count: 0, of: 0, low: 0, high: 1 },
  ];
  for (const { count, of, low: from, high: to } of cases) {
    it(`${count} of ${of}`, () => {
      const [a, b] = shareInterval(count, of);
      assert.ok(Math.abs(a - from) < 1e-4 && Math.abs(b - to) < 1e-4, `${a}, ${b}`);
    });
  }
});
