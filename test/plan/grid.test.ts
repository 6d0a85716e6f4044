import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gridOf } from '../../lib/plan/cell.ts';
import { estimateOf } from '../../lib/plan/estimate.ts';
import { nextMove } from '../../lib/plan/next-stage.ts';
import { sloSchema } from '../../lib/spec/slo.ts';
import { play } from './play.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from './sample-plan.ts';

const workload = { inputTokens: [100, 400], outputTokens: [10, 40] } as const;
const of = (load: Parameters<typeof sampleSpec>[0] = {}) => sampleSpec({ workload, ...load });

describe('the grid of lengths', () => {
  test('has a cell for each pair, output lengths within input lengths; a distribution counts as its mean', () => {
    assert.deepEqual(gridOf(of().workload), [
      { inputTokens: 100, outputTokens: 10 },
      { inputTokens: 100, outputTokens: 40 },
      { inputTokens: 400, outputTokens: 10 },
      { inputTokens: 400, outputTokens: 40 },
    ]);
    const drawn = { inputTokens: [100, 400], outputTokens: { uniform: { min: 10, max: 30 } } } as const;
    assert.deepEqual(gridOf(sampleSpec({ workload: drawn }).workload), [
      { inputTokens: 100, outputTokens: 20 },
      { inputTokens: 400, outputTokens: 20 },
    ]);
  });
  test('runs all levels of a cell before the next cell, and checks the very first load for drift', () => {
    const { run, ended } = play(samplePlan(of({ load: { levels: [1, 2] } })));
    assert.deepEqual(run.slice(1), [
      'load 1 of 100→10',
      'load 2 of 100→10',
      'load 1 of 100→40',
      'load 2 of 100→40',
      'load 1 of 400→10',
      'load 2 of 400→10',
      'load 1 of 400→40',
      'load 2 of 400→40',
      'drift 1 of 100→10 again',
    ]);
    assert.equal(ended.reason, 'done');
  });
  test('a plateau ends the cell alone, and the end says which', () => {
    const plan = samplePlan(of({ load: { levels: [1, 2, 4, 8], stopAt: ['plateau'], driftCheck: false } }));
    const { run, ended } = play(plan, ({ level, cell }) => ({
      outputTokensPerSecond: cell.outputTokens === 10 ? Math.min(level, 1) * 10 : level * 10,
    }));
    assert.equal(run.filter((name) => /^load.*→10/.test(name)).length, 6, 'three levels of each short cell');
    assert.equal(run.filter((name) => /^load.*→40/.test(name)).length, 8, 'all levels of each long one');
    assert.equal(ended.reason, 'done');
    assert.match(ended.detail ?? '', /^100 tokens in, 10 out: From 1 to 4 .*400 tokens in, 10 out: From 1 to 4/);
  });
  test('where the same rule ends every cell it ends the sweep', () => {
    const spec = { ...of({ load: { levels: [1, 2, 4], stopAt: ['slo'] } }), slo: sloSchema.parse({ errorRate: 0.01 }) };
    const { run, ended } = play(samplePlan(spec), ({ level }) => ({ slo: level < 2 ? 'met' : 'missed' }));
    assert.equal(run.filter((name) => name.startsWith('load')).length, 8);
    assert.equal(ended.reason, 'slo');
  });
  test('too many failures end the sweep, not the cell alone', () => {
    const { run, ended } = play(samplePlan(of()), ({ level }) => ({ errorShare: level === 2 ? 0.9 : 0 }));
    assert.deepEqual(run.slice(1), ['load 1 of 100→10', 'load 2 of 100→10']);
    assert.equal(ended.reason, 'error_rate');
  });
  test('the end by a level that came out void twice names its lengths', () => {
    const plan = samplePlan(of({ load: { levels: [1], repeats: 2, driftCheck: false } }));
    const { ended } = play(plan, ({ cell }) => (cell.inputTokens === 400 ? { state: 'void', reasons: ['cpu'] } : {}));
    assert.equal(ended.reason, 'void');
    assert.match(ended.detail ?? '', /^Level 1 \(400 tokens in, 10 out\) came out void twice/);
  });
  test('a cell comes out void twice by its own runs, not by those of others', () => {
    const voided = { state: 'void', reasons: ['cpu'] } as const;
    const { ended } = play(samplePlan(of()), ({ level }) => (level === 4 ? voided : {}));
    assert.equal(ended.reason, 'done');
  });
});

describe('what a cell takes', () => {
  const plan = samplePlan(of({ load: { levels: [4] }, budget: { outputTokens: 100_000 } }));
  test('its window follows from its own latencies, at first from the probe’s by the length of its answers', () => {
    const p50 = 10_000;
    const probe = { ...sampleProbeVerdict(), p50LatencyMs: p50 };
    const cell = { inputTokens: 100, outputTokens: 10 };
    const first = sampleVerdict({ level: 4, cell, p50LatencyMs: p50 });
    const move = nextMove(plan, [probe, first]);
    assert.ok(move.kind === 'stage');
    assert.deepEqual(move.design.cell, { inputTokens: 100, outputTokens: 40 });
    // 4 × as long for its answers, 4 × for its level: 12 × 160 s, at most 300 s.
    assert.equal(move.design.windowMs, 300_000);
    const again = nextMove(plan, [probe, sampleVerdict({ level: 4, cell, p50LatencyMs: 1000 })]);
    assert.ok(again.kind === 'stage');
    assert.equal(again.design.windowMs, 300_000, 'the probe is nearer to an unknown cell than a level of another');
  });
  test('what is set aside, and the estimate, follow its own lengths', () => {
    const estimate = estimateOf(plan, { ...sampleProbeVerdict(), p50LatencyMs: 1000, usage: probeUsage });
    const outputs = (tokens: number) => estimate.stages.filter(({ cell }) => cell.outputTokens === tokens);
    assert.deepEqual([outputs(10).length, outputs(40).length], [3, 2], 'the drift check is one of the short');
    const [short, long] = [outputs(10)[0], outputs(40)[0]];
    assert.ok((long?.durationMs.most ?? 0) > (short?.durationMs.most ?? 0));
  });
  test('a budget that does not suffice for a request on each stream of each cell is refused, with the sum', async () => {
    const { refusalsOf } = await import('../../lib/plan/refusals.ts');
    const short = samplePlan(of({ load: { levels: [4], driftCheck: false }, budget: { outputTokens: 399 } }));
    assert.match(
      refusalsOf(short)[0] ?? '',
      /^budget\.outputTokens: one request on each stream of 4 runs of 1 level in 4 cells takes up to 400 output tokens, and the budget of 399 output tokens is less/,
    );
  });
});

const probeUsage = { requests: 3, inputTokens: 175, outputTokens: 30, requestsWithoutUsage: 0 };
