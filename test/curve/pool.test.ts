import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type MetricName, metricNames } from '../../lib/curve/measured.ts';
import type { Point } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { reduceStage } from '../../lib/curve/pool.ts';
import { studentT } from '../../lib/curve/student-t.ts';
import { verdictOf } from '../../lib/curve/verdict.ts';
import type { StageDesign } from '../../lib/plan/stage.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { metricsOf } from '../../lib/timing/metrics.ts';
import { type Outcome, outcomes } from '../../lib/timing/outcome.ts';
import { sloFrom } from './bounds.ts';
import { rounded } from './rounded.ts';
import { dataOf, type Sample, sample } from './sample-stage.ts';
import { changeCohort, steadyStage } from './steady-stage.ts';
import { tauByDefinition } from './tau-by-definition.ts';

const runs = (...samples: readonly [Sample, ...Sample[]]) => {
  const all = samples.map(dataOf);
  const newest = all.at(-1);
  if (!newest) throw new Error('there is a run');
  return reduceStage(newest, all.slice(0, -1));
};

/** Runs of level 5 whose windows differ in length. */
const twoRuns = (seed: number, design: Partial<StageDesign> = {}): readonly [Sample, Sample] => [
  sample({
    seed: `${seed} a`,
    design: { level: 5, windowMs: 9000, ...design, stage: 3, repeat: 0 },
    failureShare: 0.05,
  }),
  sample({
    seed: `${seed} b`,
    design: { level: 5, windowMs: 14_000, ...design, stage: 7, repeat: 1 },
    failureShare: 0.05,
    latencyMs: 500,
  }),
];

const okCohort = ({ records }: Sample) =>
  records
    .filter(({ phase, outcome }) => phase === 'cohort' && outcome === 'ok')
    .toSorted((a, b) => a.dueUs - b.dueUs || (a.sentUs ?? 0) - (b.sentUs ?? 0));

const valuesOf = (records: readonly RequestRecord[], metric: MetricName) =>
  records.flatMap((record) => metricsOf(record)[metric] ?? []);

/** R-7 as it is defined. */
function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const [below = 0, above = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** P(Bin(m, p) < rank), term by term. */
function below(rank: number, m: number, p: number): number {
  let logChoose = 0;
  let sum = 0;
  for (let k = 0; k < rank; k++) {
    sum += Math.exp(logChoose + k * Math.log(p) + (m - k) * Math.log(1 - p));
    logChoose += Math.log((m - k) / (k + 1));
  }
  return sum;
}

/** The interval of a percentile with n ÷ τ summed over the runs, by trying every rank. */
function slowInterval(samples: readonly Sample[], metric: MetricName, p: number): (number | null)[] {
  const each = samples.map((one) => valuesOf(okCohort(one), metric));
  const all = each.flat().toSorted((a, b) => a - b);
  const q = quantile(all, p);
  const m = Math.floor(
    each.reduce((sum, run) => sum + run.length / tauByDefinition(run.map((x) => (x <= q ? 1 : 0))), 0),
  );
  const ranks = Array.from({ length: m + 1 }, (_, rank) => rank);
  const lower = ranks.findLast((rank) => below(rank, m, p) <= 0.025) ?? 0;
  const upper = ranks.find((rank) => 1 - below(rank, m, p) <= 0.025) ?? m + 1;
  return [
    lower < 1 ? null : (all[Math.floor((all.length * lower) / m) - 1] ?? null),
    upper > m ? null : (all[Math.ceil((all.length * upper) / m) - 1] ?? null),
  ];
}

/** Tokens of all answers in each of so many equal parts of the window, token by token. */
function tokensByPart({ stage, records }: Sample, parts: number): number[] {
  const partUs = ((stage.windowMs ?? 0) * 1000) / parts;
  const sums = new Array<number>(parts).fill(0);
  for (const { firstTokenUs, tokenGapsUs, outcome } of records) {
    if (outcome !== 'ok' || firstTokenUs === null) continue;
    let atUs = firstTokenUs - stage.warmUpMs * 1000;
    for (const gapUs of [0, ...tokenGapsUs]) {
      atUs += gapUs;
      const part = Math.floor(atUs / partUs);
      if (part >= 0 && part < parts) sums[part] = (sums[part] ?? 0) + 1;
    }
  }
  return sums;
}

const near = (found: number | null | undefined, expected: number | null, what: string) =>
  expected === null
    ? assert.equal(found, null, what)
    : assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-6 * Math.max(1, expected), `${what}: ${found}`);

describe('a level that was run twice', () => {
  it('has the counts of both runs together, and percentiles over the answers of both', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const samples = twoRuns(seed);
        const { point } = runs(...samples);
        const [a, b] = samples.map((one) => pointOf(dataOf(one))) as [Point, Point];
        assert.deepEqual(point.stages, [3, 7]);
        assert.equal(point.requests, a.requests + b.requests);
        assert.equal(point.ok, a.ok + b.ok);
        for (const outcome of outcomes.filter((one): one is Exclude<Outcome, 'ok'> => one !== 'ok'))
          assert.equal(point.errors[outcome] ?? 0, (a.errors[outcome] ?? 0) + (b.errors[outcome] ?? 0), outcome);
        assert.equal(point.interChunkMs.samples, a.interChunkMs.samples + b.interChunkMs.samples);
        assert.equal(point.usage?.requests, (a.usage?.requests ?? 0) + (b.usage?.requests ?? 0));
        for (const metric of metricNames) {
          const all = samples.flatMap((one) => valuesOf(okCohort(one), metric));
          assert.equal(point[metric].samples, all.length);
          near(point[metric].p50, quantile(all, 0.5), `${metric} p50`);
          near(point[metric].p95, quantile(all, 0.95), `${metric} p95`);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('has the throughput of both windows joined, with the batches of both in its interval', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const samples = twoRuns(seed);
        const { outputTokensPerSecond, windowSeconds } = runs(...samples).point;
        assert.equal(windowSeconds, 23);
        const batches = samples.flatMap((one) => {
          const seconds = (one.stage.windowMs ?? 0) / 1000 / 20;
          return tokensByPart(one, 20).map((tokens) => ({ tokens, seconds }));
        });
        const rate = batches.reduce((sum, { tokens }) => sum + tokens, 0) / 23;
        const squares = batches.reduce((sum, { tokens, seconds }) => sum + (tokens - rate * seconds) ** 2, 0);
        const reach = studentT(0.95, 39) * Math.sqrt((squares * 40) / 39);
        near(outputTokensPerSecond.value, rate, 'rate');
        near(outputTokensPerSecond.ci[0], rate - reach / 23, 'low');
        near(outputTokensPerSecond.ci[1], rate + reach / 23, 'high');
      }),
      { numRuns: 10 },
    );
  });

  it('has intervals of percentiles by the effective samples of each run together', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const samples = twoRuns(seed, { level: 3 });
        const { latencyMs, ttftMs } = runs(...samples).point;
        for (const [name, found] of [
          ['latencyMs', latencyMs],
          ['ttftMs', ttftMs],
        ] as const) {
          const [low = null, high = null] = slowInterval(samples, name, 0.5);
          near(found.ci.p50[0], low, `${name} low`);
          near(found.ci.p50[1], high, `${name} high`);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('has narrower intervals than either run', () => {
    const width = ({ outputTokensPerSecond: { ci } }: Point) => (ci[1] ?? 0) - (ci[0] ?? 0);
    const again = (stage: number) =>
      sample({ seed: `${stage}`, design: { level: 8, stage, repeat: stage - 1 }, latencyMs: 300 });
    const three = [again(1), again(2), again(3)] as const;
    const widest = Math.min(...three.map((one) => width(pointOf(dataOf(one)))));
    assert.ok(width(runs(...three).point) < 0.8 * widest);
  });

  it('is the same in whatever order its earlier runs come', () => {
    const [a, b] = twoRuns(1);
    const c = sample({ seed: 'c', design: { level: 5, stage: 9, repeat: 2 } });
    const inOrder = reduceStage(dataOf(c), [dataOf(a), dataOf(b)]);
    assert.deepEqual(reduceStage(dataOf(c), [dataOf(b), dataOf(a)]), inOrder);
    assert.deepEqual(inOrder.point.stages, [3, 7, 9]);
    assert.equal(inOrder.point.startedAtEpochMs, a.stage.startsAtEpochMs);
  });

  it('has no interval when one of its windows is too short for one', () => {
    const [a] = twoRuns(2);
    const short = sample({ seed: 'short', design: { level: 5, windowMs: 3000, stage: 8, repeat: 1 } });
    const { point } = runs(a, short);
    assert.deepEqual(
      [point.latencyMs.ci.p50, point.outputTokensPerSecond.ci],
      [
        [null, null],
        [null, null],
      ],
    );
    assert.deepEqual(
      point.notes.map(({ name }) => name),
      ['window_short'],
    );
  });

  it('has the mean course of its windows, and one goodput and one SLO over both', () => {
    const [a, b] = [steadyStage({ stage: 1 }), changeCohort(steadyStage({ stage: 2 }), 200, { outcome: 'truncated' })];
    const slo = sloFrom({ perRequest: { latency: '1s' }, errorRate: 0.3 });
    const { point } = reduceStage(dataOf(b), [dataOf(a)], slo);
    assert.equal(point.goodput?.share, 600 / 800);
    assert.deepEqual([point.errorShare, point.slo?.verdict], [200 / 800, 'met']);
    assert.deepEqual(rounded(point.slices[7]), { outputTokensPerSecond: 100, inFlight: 4 });
  });

  it('is judged by all its requests: two runs that are too small alone are enough together', () => {
    const small = (stage: number) => steadyStage({ stage, level: 4, windowMs: 3000 });
    const { own, point } = runs(small(1), small(2));
    assert.deepEqual([own.requests, own.validity.reasons.map(({ name }) => name)], [60, ['few_samples']]);
    assert.deepEqual([point.requests, point.validity.state], [120, 'ok']);
  });
});

describe('what is not pooled', () => {
  const ok = steadyStage({ stage: 2 });
  const voided = (stage: number) => changeCohort(steadyStage({ stage }), 300, { outcome: 'http_error' });

  it('a level that ran once is its own point', () => {
    const { own, point } = reduceStage(dataOf(ok), []);
    assert.deepEqual(point, pointOf(dataOf(ok)));
    assert.deepEqual(own, point);
  });

  it('a void run stands for itself', () => {
    const { own, point } = runs(ok, voided(3));
    assert.deepEqual([point.stages, point.validity.state, point.requests], [[3], 'void', 400]);
    assert.equal(own, point);
  });

  it('a void run enters no later point', () => {
    assert.deepEqual(runs(voided(1), ok).point, pointOf(dataOf(ok)));
    assert.deepEqual(runs(voided(1), ok, steadyStage({ stage: 5 })).point.stages, [2, 5]);
  });

  const strangers: readonly (readonly [why: string, earlier: Partial<StageDesign>, newest: Partial<StageDesign>])[] = [
    ['the drift stage with the level before it', {}, { kind: 'drift' }],
    ['a level with the drift stage', { kind: 'drift' }, {}],
    ['another level', { level: 8 }, {}],
    ['other prompts', { cell: { inputTokens: 90, outputTokens: 8 } }, {}],
    ['other answers', { cell: { inputTokens: 100, outputTokens: 9 } }, {}],
    ['a stage that came later', { stage: 9 }, {}],
    ['itself', { stage: 5 }, {}],
  ];
  for (const [why, earlier, newest] of strangers) {
    it(why, () => {
      const { point } = runs(steadyStage({ stage: 1, ...earlier }), steadyStage({ stage: 5, ...newest }));
      assert.deepEqual(point.stages, [5]);
    });
  }
});

describe('the verdict of a repeat', () => {
  it('has the figures of the pooled level, and the state, reasons and errors of this very run', () => {
    const troubled = changeCohort(steadyStage({ stage: 4 }), 20, { outcome: 'truncated' });
    const reduced = runs(steadyStage({ stage: 1 }), troubled);
    const verdict = verdictOf(reduced);
    assert.deepEqual(
      [verdict.stage, verdict.state, verdict.reasons, verdict.requests, verdict.errorShare],
      [4, 'suspect', ['errors'], 400, 0.05],
    );
    assert.equal(reduced.point.requests, 800);
    assert.deepEqual(verdict.outputTokensPerSecondCi, reduced.point.outputTokensPerSecond.ci);
    assert.deepEqual(verdict.p50LatencyCi, reduced.point.latencyMs.ci.p50);
  });

  it('is void of a void repeat, whatever the run before it was', () => {
    const voided = changeCohort(steadyStage({ stage: 2 }), 300, { outcome: 'http_error' });
    const verdict = verdictOf(runs(steadyStage({ stage: 1 }), voided));
    assert.deepEqual([verdict.state, verdict.errorShare], ['void', 0.75]);
  });
});
