import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Estimate, estimateOf } from '../../lib/plan/estimate.ts';
import { estimateText } from '../../lib/plan/estimate-text.ts';
import { sloFrom } from '../curve/bounds.ts';
import { play } from './play.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec } from './sample-plan.ts';

const prices = { inputPerMillion: 1, outputPerMillion: 10, currency: 'EUR' };
const probe = {
  ...sampleProbeVerdict(),
  tookMs: 3400,
  usage: { requests: 3, inputTokens: 175, outputTokens: 24, requestsWithoutUsage: 0 },
};
const stage = { warmUp: 5000, measure: 20_000, drain: 5000 } as const;
const fixed = sampleSpec({ load: { levels: [1, 2, 4] }, stage, prices });

describe('the estimate of a sweep', () => {
  test('after the probe: by its latency, that stays as it is or grows with the level', () => {
    const estimate = estimateOf(samplePlan(fixed), probe);
    assert.equal(estimate.basis, 'probe');
    // 25 s of load at 1 s each: 25 requests and a last one on each stream; where latency grows 25 ÷ level and a last one.
    const steady = 3 + 26 * (1 + 2 + 4 + 1);
    const growing = 3 + 26 + 2 * (13 + 1) + 4 * (7 + 1) + 26;
    assert.deepEqual(estimate.requests, { least: growing, most: steady });
    assert.deepEqual(estimate.inputTokens, { least: 175 + 100 * (growing - 3), most: 175 + 100 * (steady - 3) });
    assert.deepEqual(estimate.outputTokens, { least: 8 * growing, most: 8 * steady });
    assert.deepEqual(estimate.cost, {
      least: (175 + 100 * (growing - 3) + 80 * growing) / 1e6,
      most: (175 + 100 * (steady - 3) + 80 * steady) / 1e6,
      currency: 'EUR',
    });
    const leads = 4 * 1000;
    assert.deepEqual(estimate.durationMs, {
      least: 3400 + leads + 4 * 26_000,
      most: 3400 + leads + 100_000 + 1000 + 2000 + 4000 + 1000,
    });
    assert.deepEqual(estimate.stagesRun, { least: 4, most: 4 });
  });
  test('before it: a range that holds what the probe then says, of any usual endpoint', () => {
    const before = estimateOf(samplePlan(sampleSpec({ prices })));
    assert.equal(before.basis, 'spec');
    assert.ok(before.requests.least < before.requests.most && before.durationMs.least < before.durationMs.most);
    for (const latencyMs of [120, 400, 1000, 3400]) {
      const found = { ...probe, p50LatencyMs: latencyMs, maxLatencyMs: latencyMs };
      const after = estimateOf(samplePlan(sampleSpec({ prices })), found);
      for (const name of ['requests', 'inputTokens', 'durationMs'] as const) {
        assert.ok(
          after[name].least >= before[name].least * 0.95,
          `${name} of ${latencyMs} ms: ${after[name].least}, ${before[name].least} before`,
        );
        assert.ok(
          after[name].most <= before[name].most * 1.05,
          `${name} of ${latencyMs} ms: ${after[name].most}, ${before[name].most} before`,
        );
      }
    }
    assert.match(before.assumptions.join(' '), /nothing is known of the endpoint.*Answers.*At higher levels/);
  });
  test('its stages are those that the sweep runs', () => {
    const specs = [
      sampleSpec(),
      sampleSpec({ load: { levels: [8], repeats: 3 } }),
      sampleSpec({ load: { order: 'shuffled', repeats: 2, driftCheck: false } }),
      sampleSpec({ stage: { measure: { requestsPerStream: 5 } } }),
    ];
    for (const spec of specs) {
      const { run } = play(samplePlan(spec));
      const names = estimateOf(samplePlan(spec)).stages.map(
        ({ kind, level, repeat }) => `${kind} ${level}${repeat > 0 ? ' again' : ''}`,
      );
      assert.deepEqual(names, run.slice(1));
    }
  });
  test('stop rules make the least of it', () => {
    const levels = [1, 2, 4, 8, 16];
    const run = (stopAt: readonly ('plateau' | 'slo')[]) =>
      estimateOf(samplePlan(sampleSpec({ load: { levels, stopAt } })), probe).stagesRun;
    assert.deepEqual(run([]), { least: 6, most: 6 });
    assert.deepEqual(run(['plateau']), { least: 4, most: 6 });
    assert.deepEqual(run(['slo']), { least: 1, most: 6 });
  });
  test('a search may be over after its first level, or go all its way', () => {
    const load = { levels: [], search: { from: 1, to: 16 } };
    const plan = samplePlan({ ...sampleSpec({ load, budget: { minutes: null } }), slo: sloFrom({ errorRate: 0.1 }) });
    const { stagesRun, stages, assumptions } = estimateOf(plan, probe);
    assert.deepEqual(stagesRun, { least: 1, most: 9 });
    assert.equal(stages.length, 9);
    assert.match(assumptions.join(' '), /in doubt/);
  });
  test('a counted sweep sends what it counts', () => {
    const counted = sampleSpec({
      load: { levels: [2], driftCheck: false },
      stage: { measure: { requestsPerStream: 5 } },
    });
    assert.deepEqual(estimateOf(samplePlan(counted), probe).requests, { least: 3 + 2 * 6, most: 3 + 2 * 6 });
  });
});

describe('budgets in an estimate', () => {
  const of = (budget: Parameters<typeof sampleSpec>[0], found = probe): Estimate =>
    estimateOf(samplePlan(sampleSpec({ stage, load: { levels: [1, 2, 4] }, ...budget })), found);
  test('that suffice end nothing', () => assert.deepEqual(of({}).endedBy, []));
  test('end it in every case: no more is used than they allow', () => {
    const { endedBy, requests } = of({ budget: { requests: 50 } });
    assert.deepEqual(endedBy, [{ budget: 'requests', of: 'all' }]);
    assert.deepEqual(requests, { least: 50, most: 50 });
  });
  test('end it in some cases', () => {
    assert.deepEqual(of({ budget: { outputTokens: 1500 } }).endedBy, [{ budget: 'outputTokens', of: 'some' }]);
  });
  test('of minutes too', () => {
    const { endedBy, durationMs } = of({ budget: { minutes: 1.2 } });
    assert.deepEqual(endedBy, [{ budget: 'minutes', of: 'all' }]);
    assert.ok(durationMs.most <= 72_000);
  });
});

test('an estimate in a line', () => {
  const span = (least: number, most = least) => ({ least, most });
  const estimate: Estimate = {
    ...estimateOf(samplePlan(fixed), probe),
    stagesRun: span(6, 7),
    durationMs: span(372_400, 2_284_000),
    requests: span(1200, 9400),
    inputTokens: span(614_000, 4_812_345),
    outputTokens: span(38_000, 1_200_000),
    cost: { ...span(0.5219, 3.9), currency: 'USD' },
  };
  assert.equal(
    estimateText(estimate),
    '6 to 7 stages, 6m 12s to 38m: 1,200 to 9,400 requests, 614K to 4.81M tokens in, 38K to 1.2M out, 0.522 to 3.9 USD',
  );
  assert.equal(
    estimateText({ ...estimate, stagesRun: span(1), requests: span(15), durationMs: span(8000), cost: null }),
    '1 stage, 8s: 15 requests, 614K to 4.81M tokens in, 38K to 1.2M out',
  );
});
