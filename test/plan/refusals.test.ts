import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectWaitMs, lambdaLimits, longestStageMs, mostLooks, type PlatformLimits } from '../../lib/plan/limits.ts';
import { nextMove } from '../../lib/plan/next-stage.ts';
import type { PlanInput } from '../../lib/plan/plan.ts';
import { refusalsOf } from '../../lib/plan/refusals.ts';
import { cloudTempo, laptopTempo } from '../../lib/plan/tempo.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import { samplePlan, sampleSpec } from './sample-plan.ts';

const minutes = (count: number) => count * 60_000;
const limits: PlatformLimits = { ...lambdaLimits, workerMs: 900_000, executionMs: minutes(24 * 60) };
const hours = (count: number) => ({ limits: { ...limits, executionMs: minutes(count * 60) } });

function refusals(spec: Spec = sampleSpec(), rest: Partial<PlanInput> = {}): string[] {
  return refusalsOf(samplePlan(spec, { limits, tempo: cloudTempo, capacity: 900, ...rest }));
}

describe('what a platform refuses, before anything is sent', () => {
  const long = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`x-${index}`, 'x'.repeat(1000)]));
  const wide = { ...sampleSpec(), target: { ...sampleSpec().target, headers: long } };
  const cases: readonly [string, string[], RegExp[]][] = [
    ['the default sweep fits', refusals(), []],
    ['a laptop bounds nothing', refusals(sampleSpec({ load: { levels: [100_000] } }), { limits: null }), []],
    [
      'more workers than the account runs at once: quota and remedy',
      refusals(sampleSpec({ load: { levels: [1, 640] } }), { capacity: 19 }),
      [/^load\.levels: level 640 needs 20 workers.*room for 19.*L-B99A9384.*fleet\.streamsPerWorker/],
    ],
    [
      'as many workers as the account runs at once',
      refusals(sampleSpec({ load: { levels: [640] } }), { capacity: 20 }),
      [],
    ],
    [
      'an account without room',
      refusals(sampleSpec({ load: { levels: [1] } }), { capacity: 0 }),
      [/needs 1 worker at once, and the account leaves room for 0/],
    ],
    [
      'a stage longer than a worker lives',
      refusals(sampleSpec({ stage: { warmUp: minutes(2), measure: minutes(12), drain: minutes(1) } })),
      [/^stage: warm-up 2m, window 12m and drain 1m may take 15m, and a worker has 14m 15s/],
    ],
    ['the longest stage that auto may choose', refusals(sampleSpec({ stage: { measure: 'auto' } })), []],
    [
      'more levels than one durable execution has operations for',
      refusals(
        sampleSpec({
          load: { levels: Array.from({ length: 80 }, (_, index) => index + 1) },
          budget: { minutes: null },
        }),
      ),
      [/^load\.levels: 81 stages may take [\d,]+ operations.*2,700/],
    ],
    [
      'no more than fit into its minutes',
      refusals(sampleSpec({ load: { levels: Array.from({ length: 60 }, (_, index) => index + 1) } })),
      [],
    ],
    [
      'a search, whose stages fit into its minutes',
      refusals(sampleSpec({ load: { levels: [], search: { from: 1, to: 256 } } })),
      [],
    ],
    [
      'a search up to a level with more workers than the account runs at once',
      refusals(sampleSpec({ load: { levels: [], search: { from: 1, to: 256 } } }), { capacity: 4 }),
      [/^load\.search\.to: level 256 needs 8 workers.*lower load\.search\.to/],
    ],
    [
      'minutes that end after the orchestrator does: how many would fit',
      refusals(sampleSpec({ load: { levels: [1, 2, 4, 8] }, budget: { minutes: 90 } }), hours(2)),
      [
        /^budget\.minutes: with the budget of 90 minutes a sweep may take 2h 1m, its last stage and its report included, and the stack ends one after 2h\. Lower budget\.minutes to at most 89, or deploy with a larger longestSweepHours\.$/,
      ],
    ],
    [
      'as many minutes as fit',
      refusals(sampleSpec({ load: { levels: [1, 2, 4, 8] }, budget: { minutes: 89 } }), hours(2)),
      [],
    ],
    [
      'minutes beyond that, which so few stages can never take',
      refusals(sampleSpec({ load: { levels: [1, 2, 4], driftCheck: false }, budget: { minutes: 600 } }), hours(2)),
      [],
    ],
    [
      'no minutes at all, and more stages than the orchestrator lives for',
      refusals(sampleSpec({ load: { levels: [1, 2, 4, 8] }, budget: { minutes: null } }), hours(2)),
      [
        /^budget\.minutes: without it 5 stages may take 2h 4m, and the stack ends a sweep after 2h\. Give budget\.minutes of at most 89, or deploy with a larger longestSweepHours\.$/,
      ],
    ],
    [
      'an orchestrator that lives no longer than two stages: no minutes would help',
      refusals(sampleSpec({ budget: { minutes: 90 } }), { limits: { ...limits, executionMs: minutes(30) } }),
      [/^budget\.minutes: .*ends one after 30m\. Deploy with a larger longestSweepHours\.$/],
    ],
    ['more headers than an event holds', refusals(wide), [/^target: what each worker is told takes \d+ bytes/]],
    [
      'all at once',
      refusals(sampleSpec({ load: { levels: [640] }, stage: { measure: minutes(20) } }), { capacity: 1 }),
      [/load\.levels/, /stage/],
    ],
  ];
  for (const [reason, found, expected] of cases) {
    it(reason, () => {
      assert.equal(found.length, expected.length, found.join('\n'));
      for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? '', pattern);
    });
  }
});

describe('a budget below the least that a sweep takes, with the arithmetic', () => {
  const prices = { inputPerMillion: 2, outputPerMillion: 10, currency: 'EUR' };
  const of = (changes: Parameters<typeof sampleSpec>[0]) =>
    refusals(sampleSpec(changes), { limits: null, tempo: laptopTempo });
  const cases: readonly [string, string[], RegExp[]][] = [
    ['the default of an hour is enough for a common sweep', of({}), []],
    [
      'minutes: of auto the shortest stages',
      of({ budget: { minutes: 1 } }),
      [
        /^budget\.minutes: 3 levels take 1m 48s at least \(each 1s to begin, warm-up 5s, window 30s\), and the budget of 1 minute is less\. Raise/,
      ],
    ],
    ['minutes that are just enough', of({ budget: { minutes: 1.8 } }), []],
    ['no limit of time', of({ stage: { measure: minutes(1000) }, budget: { minutes: null } }), []],
    [
      'requests: one on each stream of each level, and the probe',
      of({ budget: { requests: 9 } }),
      [
        /^budget\.requests: the probe and one request on each stream of 3 levels take 3 \+ 7 = 10 requests, and the budget of 9 requests is less/,
      ],
    ],
    ['as many requests as it takes', of({ budget: { requests: 10 } }), []],
    [
      'input tokens, with repeats',
      of({ load: { repeats: 2 }, budget: { inputTokens: 1399 } }),
      [
        /^budget\.inputTokens: one request on each stream of 6 runs of 3 levels takes 14 × 100 input tokens = 1,400 input tokens/,
      ],
    ],
    [
      'output tokens, as many as an answer may have',
      of({ budget: { outputTokens: 69 } }),
      [
        /^budget\.outputTokens: .* takes 7 × up to 10 output tokens = 70 output tokens, and the budget of 69 output tokens is less/,
      ],
    ],
    [
      'cost, by the prices',
      of({ prices, budget: { cost: 0.002 } }),
      [/^budget\.cost: .* takes 7 × up to 0\.0003 EUR = 0\.0021 EUR, and the budget of 0\.002 EUR is less/],
    ],
    [
      'the first level is the least of a sweep that may end at the SLO',
      of({ load: { stopAt: ['slo'] }, budget: { requests: 4, minutes: 0.6 } }),
      [],
    ],
    [
      'three levels of one that may end at a plateau',
      of({ load: { levels: [1, 2, 4, 8], stopAt: ['plateau'] }, budget: { requests: 10 } }),
      [],
    ],
    [
      'and the first level of a search',
      of({ load: { levels: [], search: { from: 8, to: 16 } }, budget: { requests: 10 } }),
      [/the first level of the search, 8, take 3 \+ 8 = 11 requests/],
    ],
    [
      'every budget at once',
      of({ budget: { minutes: 0.1, requests: 1, inputTokens: 1 } }),
      [/minutes/, /requests/, /inputTokens/],
    ],
  ];
  for (const [reason, found, expected] of cases) {
    it(reason, () => {
      assert.equal(found.length, expected.length, found.join('\n'));
      for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? '', pattern);
    });
  }
});

describe("a stage within a worker's time", () => {
  it('the probe and a counted stage end before the worker does', () => {
    const counted = sampleSpec({ stage: { measure: { requestsPerStream: 100 } } });
    const move = nextMove(samplePlan(counted, { limits, tempo: cloudTempo }), []);
    assert.ok(move.kind === 'stage' && move.design.windowMs === longestStageMs(limits, cloudTempo));
  });
});

describe('looks at the receipts', () => {
  it('come ever later, and never later than while the window is open', () => {
    const waits = [0, 1, 2, 3, 4, 5].map((look) => collectWaitMs(cloudTempo, look));
    assert.deepEqual(waits, [5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });
  it('are counted: slowly while the window is open, then doubling until the grace is over', () => {
    assert.equal(mostLooks(cloudTempo, 120_000, 60_000), 2 + 5 + 1, '5 + 10 + 20 + 40 + 60 s ≥ 90 s');
    assert.ok(mostLooks(laptopTempo, 1000, 1000) > 100);
  });
});
