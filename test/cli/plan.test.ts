import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { planText } from '../../lib/cli/plan-text.ts';
import { estimateLine, estimator } from '../../lib/cli/progress/estimates.ts';
import { eventLine, placeAfter, placeIn } from '../../lib/cli/progress/progress-lines.ts';
import { estimateOf } from '../../lib/plan/estimate.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { Stage } from '../../lib/plan/stage.ts';
import { scheduleStage } from '../../lib/plan/stage.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import { sloFrom } from '../curve/bounds.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from '../plan/sample-plan.ts';
import { inEmptyFolder } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const spec = `target:
  url: http://127.0.0.1:9/v1
  auth: {env: A_KEY_THAT_IS_NOT_SET}
workload: {inputTokens: 1000, outputTokens: 100}
load: {levels: [1, 2], repeats: 2}
stage: {warmUp: 5s, measure: 20s}
prices: {inputPerMillion: 1, outputPerMillion: 4, currency: EUR}
`;

describe('paretoken plan', () => {
  test('prints stages, duration, requests, tokens and cost; needs no key, sends and writes nothing, exit 0', () =>
    inEmptyFolder(async (cwd) => {
      await writeFile(join(cwd, 'sweep.yaml'), spec);
      const { code, stdout, stderr } = await paretokenHere(['plan', 'sweep.yaml'], { cwd });
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^ +1 +2 runs +5s +20s +\d+s to \d+s +\d+ to \d+$/m);
      assert.match(stdout, /^ +2 +2 runs +5s +20s/m);
      assert.match(stdout, /^ +1 +drift check +5s/m);
      assert.match(
        stdout,
        /^With the probe: 5 stages, 2m \d+s to .*: \d+ to .* requests, .* tokens in, .* out, .* to\s.* EUR\.$/m,
      );
      assert.match(stdout, /nothing is known of the endpoint[\s\S]*\n\nNothing was sent\.\n$/);
      assert.deepEqual(await readdir(cwd), ['sweep.yaml']);
    }));
  test('prints the same as JSON', () =>
    inEmptyFolder(async (cwd) => {
      await writeFile(join(cwd, 'sweep.yaml'), spec);
      const { code, stdout } = await paretokenHere(
        ['plan', 'sweep.yaml', '--json', '--levels', '1', '--repeats', '1'],
        {
          cwd,
        },
      );
      assert.equal(code, 0);
      const told = JSON.parse(stdout) as ReturnType<typeof estimateOf>;
      assert.equal(told.schema, 'paretoken.estimate.v1');
      assert.deepEqual(told.stagesRun, { least: 1, most: 1 });
      assert.ok(told.cost && told.cost.least > 0 && told.cost.least < told.cost.most);
    }));
});

const plain = (_: unknown, text: string) => text;
const textOf = (plan: Plan) => planText(plan, estimateOf(plan), { width: 400, paint: plain });

describe('a plan in words', () => {
  test('of a search: how many stages it may take, and no table of what nobody knows', () => {
    const load = { levels: [], search: { from: 2, to: 16 } };
    const text = textOf(
      samplePlan({ ...sampleSpec({ load, budget: { minutes: null } }), slo: sloFrom({ errorRate: 0 }) }),
    );
    assert.match(text, /a search from 2 to 16\n\nWith the probe: 1 to 8 stages/);
    assert.match(text, /up to three stages more/);
    assert.doesNotMatch(text, /warm-up/);
  });
  test('runs of a level that are alike are one row, one that differs has its own', () => {
    const alike = samplePlan(sampleSpec({ load: { levels: [1, 2], repeats: 3 } }));
    const estimate = estimateOf(alike);
    const [first, ...rest] = estimate.stages;
    assert.ok(first);
    const unlike = { ...estimate, stages: [{ ...first, requests: { least: 1, most: 2 } }, ...rest] };
    const text = planText(alike, unlike, { width: 400, paint: plain });
    assert.match(text, /\n +1 {8}.* 1 to 2\n +1 +runs 2 to 3 {3}.*\n +2 +3 runs {3}.*\n +1 +drift check/);
  });
  test('runs until a level is precise: which come in any case, and which only if needed', () => {
    const untilPrecise = { of: 'ttft', within: 0.05, most: 4 } as const;
    const plan = samplePlan(sampleSpec({ load: { levels: [1, 2], repeats: 2, untilPrecise } }));
    assert.match(textOf(plan), /levels 1, 2, 2 to 4 runs each, until the p95 of TTFT is within ±5 %\n/);
    assert.match(textOf(plan), /\n +1 +2 to 4 runs {3}.*\n +2 +2 to 4 runs {3}.*\n +1 +drift check/);
    assert.match(textOf(plan), /With the probe: 5 to 9 stages/);
    const estimate = estimateOf(plan);
    const unlike = estimate.stages.map((stage) => ({ ...stage, requests: { least: stage.repeat, most: 99 } }));
    const text = planText(plan, { ...estimate, stages: unlike }, { width: 400, paint: plain });
    assert.match(text, /\n +1 {4}.*\n +1 +run 2 {3}.*\n +1 +run 3, if needed {3}.*\n +1 +run 4, if needed {3}/);
  });
  test('tells which budget may end it, and its warnings', () => {
    const text = textOf(
      samplePlan(sampleSpec({ budget: { requests: 100 }, load: { levels: [1, 64] } }), { capacity: 1 }),
    );
    assert.match(text, /^It ends early by budget\.requests\.$/m);
    assert.match(text, /^Warning: At level 64/m);
  });
});

describe('while a sweep runs', () => {
  const plan = samplePlan();
  const probeStage = scheduleStage('test', { ...sampleAssignment({ startsAtEpochMs: 0 }).stage, kind: 'probe' }, 0);
  test('the estimate comes as it is planned, and again by what the probe found', () => {
    const estimateAfter = estimator();
    const [first, second, third] = [
      estimateAfter({ kind: 'planned', plan }),
      estimateAfter({ kind: 'stage_started', stage: probeStage }),
      estimateAfter({ kind: 'stage_ended', stage: probeStage, verdict: sampleProbeVerdict() }),
    ];
    assert.ok(first && third);
    assert.equal(second, null);
    assert.match(estimateLine(first), /^Estimate before the probe: 4 stages, .* requests/);
    assert.match(estimateLine(third), /^Estimate by the probe: 4 stages, .* requests/);
  });
  test('a probe that was stopped did not fail', () => {
    const place = placeIn(plan);
    const lineOf = (outcome: string) =>
      eventLine(
        {
          kind: 'stage_ended',
          stage: probeStage,
          verdict: sampleProbeVerdict({ ok: false, failure: { outcome, detail: null, message: null } }),
        },
        place,
        false,
      );
    assert.deepEqual([lineOf('cancelled'), lineOf('timeout')], ['Probe · stopped', 'Probe · failed']);
  });
  test('a failed probe brings none', () => {
    const estimateAfter = estimator();
    estimateAfter({ kind: 'planned', plan });
    const verdict = sampleProbeVerdict({ ok: false });
    assert.equal(estimateAfter({ kind: 'stage_ended', stage: probeStage, verdict }), null);
  });

  const { stage } = sampleAssignment({ startsAtEpochMs: 0, design: { level: 4 } });
  const cases: readonly { why: string; load: Partial<Plan['spec']['load']>; done: number; says: RegExp }[] = [
    { why: 'a level of all', load: {}, done: 1, says: /^Level 4 \(2 of 3\) · / },
    { why: 'a run of all', load: { repeats: 3 }, done: 6, says: /^Level 4 \(7 of 9\) · / },
    {
      why: 'a stage of a search',
      load: { levels: [], search: { from: 1, to: 8 } },
      done: 2,
      says: /^Level 4 \(stage 3 of the search\) · /,
    },
  ];
  for (const { why, load, done, says } of cases) {
    test(`a stage is told as ${why}, with its verdict on the SLO`, () => {
      const place = { ...placeIn(samplePlan(sampleSpec({ load }))), done };
      const verdict = sampleVerdict({ level: 4, slo: 'missed', sloWithinNoise: true });
      const line = eventLine({ kind: 'stage_ended', stage, verdict }, place, false) ?? '';
      assert.match(line, says);
      assert.match(line, / · SLO missed, within the noise · ok$/);
    });
  }

  test('a run of a level that is not precise yet is told as one more, and by how much it still misses', () => {
    const untilPrecise = { of: 'latency', within: 0.05, most: 4 } as const;
    const planned = samplePlan(sampleSpec({ load: { untilPrecise } }));
    const run = (level: number, repeat: number) =>
      sampleAssignment({ startsAtEpochMs: 0, design: { level, repeat } }).stage;
    const verdict = (level: number, latency: number | null) =>
      sampleVerdict({ level, p95Margins: { latency, ttft: null, tpot: null } });
    let place = placeIn(planned);
    const ended: readonly (readonly [Stage, Verdict])[] = [
      [run(1, 0), verdict(1, 0.082)],
      [run(1, 1), verdict(1, null)],
      [run(1, 2), verdict(1, 0.04)],
      [run(2, 0), sampleVerdict({ level: 2, state: 'void' })],
    ];
    const told = ended.map(([stage, judged], index) => {
      const line = eventLine({ kind: 'stage_ended', stage, verdict: judged }, place, false);
      const verdicts = ended.slice(0, index + 1).map(([, one]) => one);
      place = placeAfter(place, verdicts);
      return line?.replace(/ · .* requests · /, ' … ');
    });
    assert.deepEqual(told, [
      'Level 1 (1 of 3) … p95 of latency ±8.2 %, wanted ±5 % · ok',
      'Level 1, run 2 (at most 4) … p95 of latency without an interval, wanted ±5 % · ok',
      'Level 1, run 3 (at most 4) … p95 of latency ±4 % · ok',
      'Level 2 (2 of 3) … void: ',
    ]);
  });
});
