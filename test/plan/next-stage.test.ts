import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextMove } from '../../lib/plan/next-stage.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import { play } from './play.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from './sample-plan.ts';

describe('the next stage', () => {
  test('a probe, each level in order, the first level again as a drift check, then done', () => {
    const { run, ended } = play(samplePlan());
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2', 'load 4', 'drift 1 again']);
    assert.deepEqual(ended, { reason: 'done', detail: null });
  });
  test('no drift check when it is switched off, nor with one level', () => {
    const off = play(samplePlan(sampleSpec({ load: { driftCheck: false } })));
    assert.deepEqual(off.run, ['probe 1', 'load 1', 'load 2', 'load 4']);
    assert.deepEqual(play(samplePlan(sampleSpec({ load: { levels: [8] } }))).run, ['probe 1', 'load 8']);
  });
  test('more than half of the requests failed: the sweep ends with error_rate', () => {
    const { run, ended } = play(samplePlan(), ({ level }) => (level === 2 ? { errorShare: 0.51, state: 'void' } : {}));
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2']);
    assert.deepEqual(ended, { reason: 'error_rate', detail: '51 % of the requests at level 2 failed.' });
  });
  test('every stream gave up before the window: the sweep ends with error_rate, not level after level', () => {
    const dead = { state: 'void', requests: 0, errorShare: null, reasons: ['few_samples', 'interrupted'] } as const;
    const { run, ended } = play(samplePlan(), ({ level, kind }) => (kind === 'load' && level === 2 ? dead : {}));
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2']);
    assert.deepEqual(ended, {
      reason: 'error_rate',
      detail: 'Every stream gave up at level 2: nothing but failures in a row.',
    });
  });
  test('exactly half failed: it goes on', () => {
    assert.equal(play(samplePlan(), () => ({ errorShare: 0.5 })).ended.reason, 'done');
  });
  test('all workers lost: the level runs again once, then the sweep ends as void', () => {
    const lost = { state: 'void', requests: 0, errorShare: null, reasons: ['streams_missing'] } as const;
    let times = 0;
    const once = play(samplePlan(), ({ level, kind }) => (kind === 'load' && level === 2 && times++ === 0 ? lost : {}));
    assert.deepEqual(once.run, ['probe 1', 'load 1', 'load 2', 'load 2 again', 'load 4', 'drift 1 again']);
    const always = play(samplePlan(), ({ level, kind }) => (kind === 'load' && level === 2 ? lost : {}));
    assert.deepEqual(always.run, ['probe 1', 'load 1', 'load 2', 'load 2 again']);
    assert.equal(always.ended.reason, 'void');
  });
  test('a level that came out void, and its drift check too: not the level void twice', () => {
    const { run, ended } = play(samplePlan(), ({ level }) => (level === 1 ? { state: 'void', reasons: ['cpu'] } : {}));
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2', 'load 4', 'drift 1 again']);
    assert.deepEqual(ended, { reason: 'done', detail: null });
  });
  test('a level that is void for another reason is passed over, not run again', () => {
    const { run } = play(samplePlan(), ({ level }) => (level === 2 ? { state: 'void', reasons: ['few_samples'] } : {}));
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2', 'load 4', 'drift 1 again']);
  });
});

describe('a failed probe ends the sweep with the endpoint’s own words and a remedy', () => {
  const cases = [
    {
      why: 'no key',
      outcome: 'http_error',
      httpStatus: 401,
      says: /HTTP status 401.*It said: “No such key”\..*No key was sent/,
    },
    {
      why: 'a wrong path',
      outcome: 'http_error',
      httpStatus: 404,
      says: /404.*Check the path of target\.url, and target\.model/,
    },
    { why: 'a wrong parameter', outcome: 'http_error', httpStatus: 400, says: /400.*target\.parameters/ },
    { why: 'a broken server', outcome: 'http_error', httpStatus: 500, says: /500.*look at its log/ },
    {
      why: 'no server',
      outcome: 'connect_error',
      httpStatus: null,
      says: /No connection could be made.*\(ECONNREFUSED\).*reached from here/,
    },
    {
      why: 'a web page',
      outcome: 'bad_content_type',
      httpStatus: 200,
      says: /no model’s answer.*address of chat completions/,
    },
    { why: 'silence', outcome: 'timeout', httpStatus: null, says: /in time/ },
    { why: 'a limit', outcome: 'throttled', httpStatus: 429, says: /rate limit.*higher limit/ },
    { why: 'an error in the stream', outcome: 'stream_error', httpStatus: 200, says: /error inside its stream/ },
  ];
  for (const { why, outcome, httpStatus, says } of cases) {
    test(why, () => {
      const failure = { outcome, detail: outcome === 'connect_error' ? 'ECONNREFUSED' : null, message: 'No such key' };
      const move = nextMove(samplePlan(), [sampleProbeVerdict({ ok: false, httpStatus, failure })]);
      assert.ok(move.kind === 'end');
      assert.equal(move.ended.reason, 'probe_failed');
      assert.match(move.ended.detail ?? '', says);
    });
  }
  test('a probe whose worker was lost says so', () => {
    const move = nextMove(samplePlan(), [sampleVerdict({ stage: 0 })]);
    assert.ok(move.kind === 'end' && move.ended.reason === 'probe_failed');
    assert.match(move.ended.detail ?? '', /lost/);
  });
});

describe('times of a stage, auto', () => {
  const probe = sampleProbeVerdict();
  const designAfter = (verdicts: readonly Verdict[], levels: Plan['spec']['load']['levels']) => {
    const move = nextMove(samplePlan(sampleSpec({ load: { levels } })), verdicts);
    assert.ok(move.kind === 'stage');
    return move.design;
  };
  test('from the probe: p95 unknown is the slowest of its answers', () => {
    const { warmUpMs, windowMs, drainMs, rampMs } = designAfter([probe], [1]);
    assert.deepEqual(
      { warmUpMs, windowMs, drainMs, rampMs },
      { warmUpMs: 5000, windowMs: 120_000, drainMs: 10_000, rampMs: 1000 },
    );
  });
  test('latency is carried to a higher level in proportion, by four at most', () => {
    assert.equal(designAfter([probe], [2]).warmUpMs, 6000, '2 × 1.5 s × 2');
    assert.equal(designAfter([probe], [64]).warmUpMs, 12_000, '2 × 1.5 s × 4, not × 64');
  });
  test('from the last valid stage, passing over void ones', () => {
    const valid = sampleVerdict({ stage: 1, level: 1, p50LatencyMs: 20_000, p95LatencyMs: 30_000 });
    const voided = sampleVerdict({ stage: 2, level: 2, p50LatencyMs: 1, p95LatencyMs: 1, state: 'void' });
    const { warmUpMs, windowMs, drainMs } = designAfter([probe, valid, voided], [1, 2, 4]);
    assert.deepEqual({ warmUpMs, windowMs, drainMs }, { warmUpMs: 120_000, windowMs: 300_000, drainMs: 300_000 });
  });
  test('from a stage with too few answers for p95: their maximum', () => {
    const few = sampleVerdict({ stage: 1, level: 1, p50LatencyMs: 4000, p95LatencyMs: null, maxLatencyMs: 7000 });
    assert.equal(designAfter([probe, few], [1, 2]).warmUpMs, 28_000, '2 × 7 s × 2, not 2 × 4 s × 2');
    assert.equal(designAfter([probe, { ...few, p95LatencyMs: 5000 }], [1, 2]).warmUpMs, 20_000, 'p95 goes first');
  });
  test('the window: 12 latencies, but 120 requests at least, in [30 s, 300 s]', () => {
    const fast = sampleProbeVerdict();
    const quick = { ...fast, p50LatencyMs: 10, p95LatencyMs: 20 };
    assert.equal(designAfter([quick], [1]).windowMs, 30_000);
    const slow = { ...fast, p50LatencyMs: 10_000, p95LatencyMs: 10_000 };
    assert.equal(designAfter([slow], [1]).windowMs, 300_000);
  });
  test('given by hand they stay, and starts are spread over no more than half the warm-up', () => {
    const plan = samplePlan(sampleSpec({ stage: { warmUp: 1000, measure: 8000, drain: 3000 } }));
    const move = nextMove(plan, [probe]);
    assert.ok(move.kind === 'stage');
    const { warmUpMs, windowMs, drainMs, rampMs } = move.design;
    assert.deepEqual([warmUpMs, windowMs, drainMs, rampMs], [1000, 8000, 3000, 500]);
  });
});

test('a level that runs again takes its times from itself, not from the slower level before', () => {
  const plan = samplePlan(sampleSpec({ load: { levels: [1, 64] } }));
  const first = sampleVerdict({ stage: 1, level: 1, p50LatencyMs: 100, p95LatencyMs: 120 });
  const last = sampleVerdict({ stage: 2, level: 64, p50LatencyMs: 60_000, p95LatencyMs: 70_000 });
  const move = nextMove(plan, [sampleProbeVerdict(), first, last]);
  assert.ok(move.kind === 'stage' && move.design.kind === 'drift');
  assert.deepEqual([move.design.warmUpMs, move.design.windowMs], [5000, 30_000]);
});
