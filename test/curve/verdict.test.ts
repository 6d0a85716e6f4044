import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import { probeVerdictOf, verdictOf } from '../../lib/curve/verdict.ts';
import type { Receipt } from '../../lib/record/receipt.ts';
import { sampleFinding } from '../plan/sample-plan.ts';
import { dataOf, receiptsOf, sampleStage } from './sample-stage.ts';
import { changeCohort, steadyStage } from './steady-stage.ts';

describe('the verdict of a stage', () => {
  it('is its validity, its errors, its latency and its throughput', () => {
    const point = pointOf(dataOf(changeCohort(steadyStage({ level: 4, stage: 7 }), 8, { outcome: 'truncated' })));
    assert.deepEqual(verdictOf({ point, own: point }), {
      schema: 'paretoken.verdict.v1',
      stage: 7,
      kind: 'load',
      level: 4,
      cell: { inputTokens: 100, outputTokens: 8 },
      pass: null,
      state: 'suspect',
      reasons: ['errors'],
      requests: 400,
      errorShare: 0.02,
      p50LatencyMs: 190,
      p95LatencyMs: 190,
      maxLatencyMs: 190,
      p50LatencyCi: [190, 190],
      p95Margins: { latency: 0, ttft: 0, tpot: 0 },
      outputTokensPerSecond: 100,
      outputTokensPerSecondCi: point.outputTokensPerSecond.ci,
      slo: null,
      sloWithinNoise: false,
      usage: point.usage,
      tookMs: null,
      ranOutOf: null,
      notebookPass: null,
      probe: null,
    });
  });
});

describe('the verdict of the probe', () => {
  const stage = sampleStage({ stage: 0, kind: 'probe', level: 1 });
  const receipt = (values: Partial<Receipt>): Receipt | null => {
    const [plain] = receiptsOf(stage, []);
    return plain ? { ...plain, ...values } : null;
  };

  it('has the median of its latencies and their maximum, and no p95 of so few', () => {
    const { p50LatencyMs, p95LatencyMs, maxLatencyMs, state } = probeVerdictOf(
      stage,
      receipt({ probe: sampleFinding }),
    );
    assert.deepEqual([p50LatencyMs, p95LatencyMs, maxLatencyMs, state], [1000, null, 1500, 'ok']);
  });

  it('counts what failed among what was not cancelled', () => {
    const outcomes = { ok: 1, cancelled: 2, http_error: 1 };
    assert.equal(probeVerdictOf(stage, receipt({ outcomes, probe: sampleFinding })).errorShare, 0.5);
    assert.equal(probeVerdictOf(stage, receipt({ outcomes: { cancelled: 1 } })).errorShare, null);
  });

  it('is void of a probe that failed, and hands on why', () => {
    const probe = { ...sampleFinding, ok: false, latenciesMs: [] };
    const verdict = probeVerdictOf(stage, receipt({ probe }));
    const { state, p50LatencyMs, maxLatencyMs } = verdict;
    assert.deepEqual([state, p50LatencyMs, maxLatencyMs, verdict.probe], ['void', null, null, probe]);
  });

  it('is void without a receipt: the worker was lost', () => {
    const { state, reasons, probe } = probeVerdictOf(stage, null);
    assert.deepEqual({ state, reasons, probe }, { state: 'void', reasons: ['streams_missing'], probe: null });
  });
});
