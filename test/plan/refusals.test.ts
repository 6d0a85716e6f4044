import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { collectWaitMs, lambdaLimits, longestStageMs, mostLooks, type PlatformLimits } from '../../lib/plan/limits.ts';
import { nextMove } from '../../lib/plan/next-stage.ts';
import type { PlanInput } from '../../lib/plan/plan.ts';
import { refusalsOf } from '../../lib/plan/refusals.ts';
import { cloudTempo, laptopTempo } from '../../lib/plan/tempo.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import { samplePlan, sampleSpec } from './sample-plan.ts';

const limits: PlatformLimits = { ...lambdaLimits, workerMs: 900_000 };
const minutes = (count: number) => count * 60_000;

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
      refusals(sampleSpec({ load: { levels: Array.from({ length: 80 }, (_, index) => index + 1) } })),
      [/^load\.levels: 80 levels may take \d+ operations.*2700/],
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
