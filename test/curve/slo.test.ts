import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import { sloFrom } from './bounds.ts';
import { dataOf, type Sample } from './sample-stage.ts';
import { changeCohort, changeReceipts, steadyStage } from './steady-stage.ts';

const sloOf = (stage: Sample, slo: unknown) => pointOf(dataOf(stage), sloFrom(slo)).slo;

/** 400 answers of 190 ms. */
const steady = steadyStage();
const failing = (count: number) => changeCohort(steady, count, { outcome: 'timeout', outcomeDetail: 'total' });
const atLatency = (percentile: string, bound: string) => ({ percentiles: { latency: { [percentile]: bound } } });
const voided = changeReceipts(steady, () => ({ controlUnreadable: true }));

const cases: readonly { why: string; stage: Sample; slo: unknown; says: readonly [string, unknown, string] }[] = [
  { why: 'below', stage: steady, slo: atLatency('p95', '200ms'), says: ['latency p95', 190, 'met'] },
  { why: 'just at the bound', stage: steady, slo: atLatency('p95', '190ms'), says: ['latency p95', 190, 'met'] },
  { why: 'above', stage: steady, slo: atLatency('p95', '189ms'), says: ['latency p95', 190, 'missed'] },
  {
    why: 'with failures counted',
    stage: failing(40),
    slo: atLatency('p90', '1h'),
    says: ['latency p90', 'not_reached', 'missed'],
  },
  { why: 'few failures', stage: failing(39), slo: atLatency('p90', '1h'), says: ['latency p90', 190, 'met'] },
  { why: 'too few for p99', stage: steady, slo: atLatency('p99', '1h'), says: ['latency p99', null, 'undecided'] },
  { why: 'errors at the bound', stage: failing(40), slo: { errorRate: 0.1 }, says: ['errorRate', 0.1, 'met'] },
  { why: 'errors above', stage: failing(41), slo: { errorRate: 0.1 }, says: ['errorRate', 0.1025, 'missed'] },
  { why: 'no errors allowed, none', stage: steady, slo: { errorRate: 0 }, says: ['errorRate', 0, 'met'] },
  {
    why: 'goodput at the bound',
    stage: failing(40),
    slo: { perRequest: { latency: '1s' }, goodputShare: 0.9 },
    says: ['goodputShare', 0.9, 'met'],
  },
  {
    why: 'goodput below',
    stage: failing(41),
    slo: { perRequest: { latency: '1s' }, goodputShare: 0.9 },
    says: ['goodputShare', 0.8975, 'missed'],
  },
  { why: 'void', stage: voided, slo: atLatency('p95', '1h'), says: ['latency p95', 190, 'undecided'] },
  {
    why: 'void, and would be missed',
    stage: voided,
    slo: atLatency('p95', '1ms'),
    says: ['latency p95', 190, 'undecided'],
  },
];

describe('a level meets its SLO, misses it, or leaves it undecided', () => {
  for (const { why, stage, slo, says } of cases) {
    it(`${why}: ${says.join(' ')}`, () => {
      const result = sloOf(stage, slo);
      assert.deepEqual(
        result?.checks.map(({ what, measured, verdict }) => [what, measured, verdict]),
        [says],
      );
      assert.equal(result?.verdict, says[2]);
    });
  }

  it('one bound missed is missed, though another is undecided', () => {
    assert.equal(sloOf(steady, { percentiles: { latency: { p99: '1s', p50: '1ms' } } })?.verdict, 'missed');
  });

  it('one bound undecided is not met', () => {
    assert.equal(sloOf(steady, { percentiles: { latency: { p99: '1s', p50: '1s' } } })?.verdict, 'undecided');
  });

  it('every bound is held against its own metric', () => {
    const each = { p50: '1h' };
    const result = sloOf(steady, { percentiles: { ttft: each, ttfo: each, tpot: each, latency: each } });
    const point = pointOf(dataOf(steady));
    assert.deepEqual(
      result?.checks.map(({ what, bound, measured }) => [what, bound, measured]),
      [
        ['ttft p50', 3_600_000, point.ttftMs.p50],
        ['ttfo p50', 3_600_000, point.ttfoMs.p50],
        ['tpot p50', 3_600_000, point.tpotMs.p50],
        ['latency p50', 3_600_000, 190],
      ],
    );
  });

  it('is null without a bound on the level', () => {
    assert.equal(pointOf(dataOf(steady)).slo, null);
    assert.equal(sloOf(steady, { perRequest: { latency: '1s' } }), null);
  });
});
