import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { allowanceOf, budgetNames } from '../../lib/plan/allowance.ts';
import { assignmentsOf } from '../../lib/plan/assign.ts';
import { leftMs, leftOf, outputLimit } from '../../lib/plan/budget.ts';
import { fitTimes } from '../../lib/plan/fit-times.ts';
import { nextMove } from '../../lib/plan/next-stage.ts';
import { shareOf } from '../../lib/plan/share.ts';
import { play } from './play.ts';
import { sampleAssignment } from './sample-assignment.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from './sample-plan.ts';

const amount = fc.option(fc.integer({ min: 0, max: 1e15 }));
const usage = { requests: 0, inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 0 };

describe('what the budget leaves', () => {
  const whole = fc.record({ requests: amount, inputTokens: amount, outputTokens: amount, cost: amount });
  test('is shared by streams: the workers’ parts sum to the whole, and each is in proportion to its streams', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 200 }), (left, level, most) => {
        const workers = Math.min(level, most);
        const shares = Array.from({ length: workers }, (_, worker) => shareOf(level, worker, workers));
        for (const name of budgetNames) {
          const parts = shares.map((share) => allowanceOf(left, share, level)[name]);
          const bound = left[name];
          if (bound === null) assert.ok(parts.every((part) => part === null));
          else {
            assert.equal(
              parts.reduce((sum: number, part) => sum + (part ?? 0), 0),
              bound,
            );
            parts.forEach((part, worker) => {
              const exact = (bound / level) * (shares[worker]?.count ?? 0);
              assert.ok(Math.abs((part ?? 0) - exact) <= 1 + exact * 1e-12, `${part} for ${exact}`);
            });
          }
        }
      }),
    );
  });
  test('goes out with the assignments, with the prices; without a budget nothing does', () => {
    const prices = { inputPerMillion: 1, outputPerMillion: 2, currency: 'USD' };
    const plan = samplePlan(sampleSpec({ prices, budget: { requests: 100 } }));
    const { stage } = sampleAssignment({ startsAtEpochMs: 0, design: { level: 5, workers: 2 } });
    const funds = (allowance: ReturnType<typeof leftOf>) =>
      assignmentsOf(plan, stage, { finding: null, allowance }).map((assignment) => assignment.funds);
    const none = { inputTokens: null, outputTokens: null, cost: null };
    assert.deepEqual(funds({ requests: 100, ...none }), [
      { share: { requests: 40, ...none }, prices },
      { share: { requests: 60, ...none }, prices },
    ]);
    assert.deepEqual(funds(null), [null, null]);
  });
  test('is what was not used; a request without a count takes its length and the limit of its answer', () => {
    const prices = { inputPerMillion: 2, outputPerMillion: 10, currency: 'USD' };
    const spec = sampleSpec({ prices, budget: { requests: 100, inputTokens: 9000, outputTokens: 900, cost: 0.1 } });
    const used = [
      sampleProbeVerdict(),
      sampleVerdict({ usage: { requests: 20, inputTokens: 1800, outputTokens: 150, requestsWithoutUsage: 2 } }),
    ].map((verdict, index) => (index === 0 ? { ...verdict, usage: { ...usage, requests: 3 } } : verdict));
    assert.deepEqual(leftOf({ spec }, used), {
      requests: 100 - 23,
      inputTokens: 9000 - 1800 - 200,
      outputTokens: 900 - 150 - 20,
      cost: 100_000 - 2000 * 2 - 170 * 10,
    });
    assert.equal(leftOf({ spec: sampleSpec() }, used), null, 'nothing but time is bounded');
  });
  test('the limit of an answer is the user’s own parameter where there is one', () => {
    assert.equal(outputLimit({}, 128), 128);
    assert.equal(outputLimit({ max_tokens: 64 }, 128), 64);
    assert.equal(outputLimit({ max_completion_tokens: 32, max_tokens: 64 }, 128), 32);
  });
  test('stages that were cut off tell the plan nothing, but what they used is gone', () => {
    const plan = samplePlan(sampleSpec({ budget: { requests: 1000 } }));
    const cutOff = sampleVerdict({ usage: { ...usage, requests: 200 } });
    const move = nextMove(plan, [sampleProbeVerdict()], [cutOff]);
    assert.ok(move.kind === 'stage' && move.design.level === 1 && move.design.repeat === 0);
    assert.equal(move.allowance?.requests, 1000 - 300 - 200);
  });
});

describe('a budget that can’t carry the next stage ends the sweep', () => {
  test('requests: fewer are left than one on each stream', () => {
    const plan = samplePlan(sampleSpec({ load: { driftCheck: false }, budget: { requests: 10 + 3 } }));
    const { run, ended } = play(plan, ({ level }) => ({ usage: { ...usage, requests: level + 2 } }));
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2']);
    assert.deepEqual(ended, {
      reason: 'budget',
      detail:
        'Level 4 was not begun: a request on each stream takes 4 requests, and the budget of 13 requests leaves 3 requests.',
    });
  });
  test('cost, in the words of the currency', () => {
    const prices = { inputPerMillion: 1000, outputPerMillion: 0, currency: 'EUR' };
    const plan = samplePlan(sampleSpec({ prices, budget: { cost: 1 } }));
    const { ended } = play(plan, () => ({ usage: { ...usage, inputTokens: 250 } }));
    assert.match(
      ended.detail ?? '',
      /^Level 4 was not begun: .* up to 0\.4 EUR, and the budget of 1 EUR leaves 0\.25 EUR\.$/,
    );
  });
  test('a share that was gone in mid-window: the stage is void, and no other is begun', () => {
    const plan = samplePlan(sampleSpec({ budget: { requests: 100_000 } }));
    const { run, ended } = play(plan, ({ level }) =>
      level === 2
        ? { state: 'void', requests: 0, errorShare: null, reasons: ['interrupted'], ranOutOf: 'requests' }
        : {},
    );
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2']);
    assert.deepEqual(ended, {
      reason: 'budget',
      detail: 'At level 2 the budget of 100,000 requests was used up before the window was over.',
    });
  });
  test('a share that was gone after the window does no harm', () => {
    const plan = samplePlan(sampleSpec({ budget: { requests: 100_000 } }));
    assert.equal(play(plan, ({ level }) => (level === 2 ? { ranOutOf: 'requests' } : {})).ended.reason, 'done');
  });
  test('only the drift check is missing: the sweep is done, and says so', () => {
    const plan = samplePlan(sampleSpec({ budget: { requests: 12 } }));
    const left = play(plan, ({ level }) => ({ usage: { ...usage, requests: level === 4 ? 9 : 1 } }));
    assert.deepEqual(left.run, ['probe 1', 'load 1', 'load 2', 'load 4']);
    assert.equal(left.ended.reason, 'done');
    assert.match(left.ended.detail ?? '', /^The check for drift is missing\. Level 1 was not begun/);
    const cut = play(samplePlan(sampleSpec({ budget: { requests: 100_000 } })), ({ kind }) =>
      kind === 'drift' ? { state: 'void', reasons: ['interrupted'], ranOutOf: 'requests' } : {},
    );
    assert.equal(cut.ended.reason, 'done');
    assert.match(cut.ended.detail ?? '', /^The check for drift is missing\. At level 1 the budget/);
  });
});

describe('minutes', () => {
  const planOf = (minutes: number) => samplePlan(sampleSpec({ load: { driftCheck: false }, budget: { minutes } }));

  test('are spent by stages and their leads; the probe has none', () => {
    const verdicts = [{ ...sampleProbeVerdict(), tookMs: 3000 }, sampleVerdict({ tookMs: 40_000 })];
    assert.equal(leftMs(planOf(5), verdicts), 300_000 - 3000 - 41_000);
    assert.equal(leftMs(samplePlan(sampleSpec({ budget: { minutes: null } })), verdicts), Number.POSITIVE_INFINITY);
  });
  test('bound the probe', () => {
    const move = nextMove(samplePlan(sampleSpec({ budget: { minutes: 0.5 } })), []);
    assert.ok(move.kind === 'stage' && move.design.windowMs === 30_000);
  });
  const windows: number[] = [];
  const timed = (minutes: number) =>
    play(planOf(minutes), ({ kind, warmUpMs, windowMs }) => {
      windows.push(windowMs ?? 0);
      return { tookMs: kind === 'probe' ? 3000 : warmUpMs + (windowMs ?? 0) };
    });
  test('the last stage is cut to what is left', () => {
    assert.equal(timed(5).ended.reason, 'done');
    const [last = 0] = windows.slice(-1);
    assert.ok(last >= 30_000 && last < 60_000, `${last} ms, of 60 s that auto would take`);
  });
  test('no stage is begun that may not end in time', () => {
    const { run, ended } = timed(4.5);
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2']);
    assert.equal(ended.reason, 'budget');
    assert.match(
      ended.detail ?? '',
      /^Level 4 was not begun: it may take 1m 17s, and the budget of 4\.5 minutes leaves 14s\.$/,
    );
  });
  test('whatever latencies come, every stage could end within them', () => {
    const latency = fc.integer({ min: 1, max: 120_000 });
    fc.assert(
      fc.property(fc.array(latency, { minLength: 12, maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (ms, most) => {
        const long = samplePlan(sampleSpec({ load: { levels: [1, 2, 4, 8, 16, 32, 64] }, budget: { minutes: most } }));
        let clockMs = 0;
        play(long, ({ stage, kind, warmUpMs, windowMs, drainMs }) => {
          const tookMs = warmUpMs + (kind === 'probe' ? 0 : (windowMs ?? 0) + drainMs);
          clockMs += tookMs + (kind === 'probe' ? 0 : long.tempo.leadMs);
          assert.ok(clockMs <= most * 60_000, `${clockMs} ms of ${most} min`);
          return { tookMs, p50LatencyMs: ms[stage] ?? 1, p95LatencyMs: 2 * (ms[stage] ?? 1) };
        });
      }),
    );
  });
});

describe('a stage cut to the time that is left', () => {
  const asked = { warmUp: 'auto', measure: 'auto', drain: 'auto' } as const;
  const expected = { p50Ms: 1000, p95Ms: 2000 };
  const times = { warmUpMs: 5000, windowMs: 120_000, requestsPerStream: null, drainMs: 20_000, rampMs: 1000 };
  const fit = (mostMs: number, given: Partial<Parameters<typeof fitTimes>[0]> = {}) =>
    fitTimes({ times, asked, expected, mostMs, ...given });
  const counted = { warmUpMs: 0, windowMs: null, requestsPerStream: 5, drainMs: 1_500_000, rampMs: 0 };
  const cases = [
    { why: 'enough time: as it was', cut: fit(145_000), windowMs: 120_000, drainMs: 20_000 },
    { why: 'the drain gives way first, down to half', cut: fit(140_000), windowMs: 120_000, drainMs: 15_000 },
    { why: 'then the window, down to half', cut: fit(100_000), windowMs: 85_000, drainMs: 10_000 },
    { why: 'no further', cut: fit(74_000), windowMs: null, drainMs: null },
    {
      why: 'a window given by hand stays',
      cut: fit(134_000, { asked: { ...asked, measure: 120_000 } }),
      windowMs: null,
      drainMs: null,
    },
    {
      why: 'a drain given by hand stays',
      cut: fit(140_000, { asked: { ...asked, drain: 20_000 } }),
      windowMs: 115_000,
      drainMs: 20_000,
    },
    {
      why: 'never below 30 s',
      cut: fit(40_000, { times: { ...times, windowMs: 40_000, drainMs: 4000 } }),
      windowMs: 33_000,
      drainMs: 2000,
    },
    {
      why: 'a counted stage as long as its requests are expected to take',
      cut: fit(10_000, { times: counted }),
      windowMs: null,
      drainMs: 10_000,
    },
    { why: 'and no shorter', cut: fit(9_999, { times: counted }), windowMs: null, drainMs: null },
  ];
  for (const { why, cut, windowMs, drainMs } of cases) {
    test(why, () => assert.deepEqual([cut?.windowMs ?? null, cut?.drainMs ?? null], [windowMs, drainMs]));
  }
});
