import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { estimateOf } from '../../lib/plan/estimate.ts';
import { lambdaLimits } from '../../lib/plan/limits.ts';
import { isParity, type Pass } from '../../lib/plan/pass.ts';
import { refusalsOf } from '../../lib/plan/refusals.ts';
import { leastRuns, mostRuns } from '../../lib/plan/runs.ts';
import { cloudTempo } from '../../lib/plan/tempo.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import type { Load } from '../../lib/spec/load.ts';
import { sloFrom } from '../curve/bounds.ts';
import { type Played, play } from './play.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec } from './sample-plan.ts';

const untilPrecise = { of: 'latency', within: 0.05, most: 4 } as const;
const specOf = (load: Partial<Load> = {}) =>
  sampleSpec({
    load: { levels: [1, 2], driftCheck: false, untilPrecise, ...load },
    stage: { warmUp: 1000, measure: 20_000, drain: 1000 },
    budget: { minutes: null },
  });

const margins = (latency: number | null) => ({ p95Margins: { latency, ttft: null, tpot: null } });
const lost = { state: 'void', requests: 0, errorShare: null, reasons: ['streams_missing'] } as const;
const voided = { state: 'void', reasons: ['send_lag'] } as const;

/** A sweep in which the n-th run of a level comes out as listed, and later ones as the last that is. */
function sweep(load: Partial<Load>, byLevel: Readonly<Record<number, readonly Partial<Verdict>[]>>): Played {
  const runs = new Map<number, number>();
  return play(samplePlan(specOf(load)), ({ kind, level, pass }) => {
    if (kind !== 'load' || isParity(pass)) return {};
    const ran = runs.get(level) ?? 0;
    runs.set(level, ran + 1);
    const listed = byLevel[level] ?? [];
    return listed[ran] ?? listed.at(-1) ?? margins(0.04);
  });
}

const levelsOf = ({ run }: Played) => run.slice(1).map((name) => Number(name.split(' ')[1]));

describe('a level runs again until half of the 95 % interval of its p95 ÷ p95 is within the share asked for', () => {
  const noisy = [margins(0.09), margins(0.06), margins(0.05)];
  const cases: readonly { why: string; load?: Partial<Load>; two: readonly Partial<Verdict>[]; runs: number[] }[] = [
    { why: 'precise at once: one run', two: [margins(0.01)], runs: [1, 2] },
    { why: 'a share that is just reached is enough', two: noisy, runs: [1, 2, 2, 2] },
    { why: 'never: as often as it may', two: [margins(0.06)], runs: [1, 2, 2, 2, 2] },
    {
      why: 'an end of the interval or a p95 that is not known: not precise',
      two: [margins(null)],
      runs: [1, 2, 2, 2, 2],
    },
    { why: 'as often as asked, though precise before', load: { repeats: 3 }, two: noisy, runs: [1, 1, 1, 2, 2, 2] },
    { why: 'beyond what was asked for', load: { repeats: 2 }, two: noisy, runs: [1, 1, 2, 2, 2] },
    {
      why: 'another metric is asked for',
      load: { untilPrecise: { ...untilPrecise, of: 'ttft' } },
      two: [{ p95Margins: { latency: 0, ttft: 0.06, tpot: 0 } }, { p95Margins: { latency: 1, ttft: 0.05, tpot: 1 } }],
      runs: [1, 1, 1, 1, 2, 2],
    },
    {
      why: 'a void run is not precise, whatever it shows, and counts',
      two: [{ ...voided, ...margins(0) }, margins(0.06)],
      runs: [1, 2, 2, 2, 2],
    },
    {
      why: 'after a void run what the others came to stands',
      load: { repeats: 2 },
      two: [margins(0.05), { ...voided, ...margins(0.3) }],
      runs: [1, 1, 2, 2],
    },
    {
      why: 'a run whose workers were all lost does not count, once',
      two: [lost, margins(0.06)],
      runs: [1, 2, 2, 2, 2, 2],
    },
    {
      why: 'a ceiling of one run: never again',
      load: { untilPrecise: { ...untilPrecise, most: 1 } },
      two: [margins(1)],
      runs: [1, 2],
    },
  ];
  for (const { why, load = {}, two, runs } of cases) {
    test(why, () => {
      const played = sweep(load, { 2: two });
      assert.deepEqual(levelsOf(played), runs);
      assert.deepEqual(played.ended, { reason: 'done', detail: null });
    });
  }
  test('a level that comes out void twice ends the sweep, as ever', () => {
    const played = sweep({}, { 1: [voided] });
    assert.deepEqual([levelsOf(played), played.ended.reason], [[1, 1], 'void']);
  });
  test('left out, imprecise levels run once', () => {
    assert.deepEqual(levelsOf(sweep({ untilPrecise: null }, { 1: [margins(null)], 2: [margins(0.9)] })), [1, 2]);
  });
});

describe('where the runs until a level is precise stand', () => {
  test('rising: before the next level, for the stop rules look at a level when it is done', () => {
    const flat = { outputTokensPerSecond: 100 };
    const played = sweep(
      { levels: [1, 2, 4, 8], stopAt: ['plateau'] },
      {
        1: [flat],
        2: [flat],
        4: [
          { ...flat, ...margins(0.3) },
          { ...flat, ...margins(0.01) },
        ],
      },
    );
    assert.deepEqual([levelsOf(played), played.ended.reason], [[1, 2, 4, 4], 'plateau']);
  });
  test('shuffled: after all that were asked for, in rounds, so that runs of a level are apart in time', () => {
    const load = { levels: [1, 2, 4, 8], order: 'shuffled', repeats: 2 } as const;
    const order = levelsOf(sweep(load, {})).slice(0, 8);
    const again = levelsOf(sweep(load, { 2: [margins(0.5)], 8: [margins(0.5)] }));
    assert.deepEqual(again.slice(0, 8), order);
    const round = [...new Set(order)].filter((level) => level === 2 || level === 8);
    assert.deepEqual(again.slice(8), [...round, ...round]);
  });
  test('shuffled: above a level that misses the SLO nothing runs again', () => {
    const plan = samplePlan({
      ...specOf({ levels: [1, 2, 4], order: 'shuffled', stopAt: ['slo'] }),
      slo: sloFrom({ errorRate: 0.1 }),
    });
    const played = play(plan, ({ level }) => ({ slo: level === 2 ? 'missed' : 'met', ...margins(0.9) }));
    const times = (of: number) => levelsOf(played).filter((level) => level === of).length;
    assert.deepEqual([times(1), times(2), times(4) <= 1, played.ended.reason], [4, 4, true, 'slo']);
  });
  test('a level that met the SLO by chance is judged once it is precise', () => {
    const plan = samplePlan({ ...specOf({ levels: [1, 2, 4], stopAt: ['slo'] }), slo: sloFrom({ errorRate: 0.1 }) });
    let runs = 0;
    const played = play(plan, ({ level }) => {
      if (level !== 2) return { slo: 'met', ...margins(0.01) };
      runs += 1;
      return runs === 1 ? { slo: 'missed', ...margins(0.2) } : { slo: 'met', ...margins(0.04) };
    });
    assert.deepEqual([levelsOf(played), played.ended.reason], [[1, 2, 2, 4], 'done']);
  });
  test('the check for drift comes last, and once', () => {
    const { run } = sweep({ driftCheck: true }, { 2: [margins(0.9), margins(0.01)] });
    assert.deepEqual(run.slice(1), ['load 1', 'load 2', 'load 2 again', 'drift 1 again']);
  });
  test('of a notebook the streamed pass alone runs again', () => {
    const { run } = sweep({ levels: [2], notebook: { requestsPerStream: 2 } }, { 2: [margins(0.3), margins(0.01)] });
    assert.deepEqual(
      run.slice(1).map((name) => name.replace('load 2 ', '')),
      ['parity_1', 'parity_half', 'parity_full', 'streamed', 'streamed again'],
    );
  });
});

test('whatever comes out, no level runs more often than it may, and none again once it is precise', () => {
  const run = fc.record({
    state: fc.constantFrom<Verdict['state']>('ok', 'suspect'),
    latency: fc.option(fc.double({ min: 0, max: 0.12, noNaN: true })),
  });
  fc.assert(
    fc.property(
      fc.array(run, { minLength: 1, maxLength: 60 }),
      fc.record({
        repeats: fc.integer({ min: 1, max: 3 }),
        most: fc.integer({ min: 3, max: 6 }),
        order: fc.constantFrom<Load['order']>('rising', 'shuffled'),
        passes: fc.boolean(),
        seed: fc.nat(1000),
      }),
      (outcomes, { repeats, most, order, passes, seed }) => {
        const notebook = passes && order === 'rising' ? { requestsPerStream: 1 } : null;
        const load = { levels: [1, 2, 4], repeats, order, notebook, untilPrecise: { ...untilPrecise, most } };
        let stage = 0;
        const { verdicts } = play(samplePlan({ ...specOf(load), seed }), () => {
          const { state, latency } = outcomes[stage++ % outcomes.length] ?? { state: 'ok' as const, latency: null };
          return { state, ...margins(latency) };
        });
        const loads = verdicts.filter(({ kind }) => kind === 'load');
        const byLoad = Map.groupBy(loads, ({ level, pass }) => `${level} ${pass}`);
        assert.equal(byLoad.size, 3 * (notebook === null ? 1 : 4));
        for (const runs of byLoad.values()) {
          const pass: Pass | null = runs[0]?.pass ?? null;
          const isPrecise = ({ p95Margins: { latency } }: Verdict) => latency !== null && latency <= 0.05;
          const wanted = runs.findIndex((one, index) => index + 1 >= repeats && isPrecise(one));
          const times = isParity(pass) ? repeats : wanted < 0 ? most : Math.min(most, wanted + 1);
          assert.equal(runs.length, times);
        }
        assert.ok(loads.length <= mostRuns(specOf(load)) && loads.length >= leastRuns(specOf(load)).length);
      },
    ),
  );
});

describe('what runs until levels are precise take', () => {
  test('least: each is at once; most: none ever is', () => {
    const spec = specOf({ repeats: 2 });
    assert.deepEqual([leastRuns(spec).length, mostRuns(spec)], [4, 8]);
    const probe = sampleProbeVerdict();
    const { stagesRun, stages, assumptions, requests } = estimateOf(samplePlan(spec), probe);
    assert.deepEqual(stagesRun, { least: 4, most: 8 });
    assert.deepEqual(
      stages.map(({ level, repeat }) => `${level}/${repeat}`),
      ['1/0', '1/1', '1/2', '1/3', '2/0', '2/1', '2/2', '2/3'],
    );
    const asked = probe.usage?.requests ?? 0;
    assert.ok(requests.most - asked >= 2 * (requests.least - asked), 'twice the runs, beside the probe');
    assert.match(assumptions.join(' '), /precise at once, or never/);
  });
  test('of a notebook its counted passes run once all the same', () => {
    assert.equal(mostRuns(specOf({ levels: [1, 2], notebook: { requestsPerStream: 2 } })), 2 * (3 + 4));
  });
  test('in the cloud what may come is refused where it takes too many operations, with the key to lower', () => {
    const limits = { ...lambdaLimits, executionMs: 86_400_000, workerMs: 900_000 };
    const refusals = (most: number) =>
      refusalsOf(
        samplePlan(specOf({ levels: [1, 2, 4, 8], untilPrecise: { ...untilPrecise, most } }), {
          limits,
          tempo: cloudTempo,
          capacity: 100,
        }),
      );
    assert.deepEqual(refusals(3), []);
    assert.match(refusals(100).join(), /400 stages may take .*a smaller load\.untilPrecise\.most/);
  });
  test('a budget that carries one run of each level is not refused, and ends the sweep within it', () => {
    const spec = {
      ...specOf({ untilPrecise: { ...untilPrecise, most: 100 } }),
      budget: sampleSpec({ budget: { minutes: 5 } }).budget,
    };
    const plan = samplePlan(spec);
    assert.deepEqual(refusalsOf(plan), []);
    assert.deepEqual(estimateOf(plan, sampleProbeVerdict()).endedBy, [{ budget: 'minutes', of: 'some' }]);
    const { verdicts, ended } = play(plan, ({ kind }) =>
      kind === 'probe' ? {} : { ...margins(null), tookMs: 22_000 },
    );
    assert.equal(ended.reason, 'budget');
    assert.match(ended.detail ?? '', /^Run \d+ of level 1 was not begun: it may take/);
    assert.ok(verdicts.reduce((sum, { tookMs }) => sum + (tookMs ?? 0), 0) <= 5 * 60_000);
  });
});
