import { type Plan, type PlanInput, planSweep } from '../../lib/plan/plan.ts';
import type { ProbeFinding } from '../../lib/plan/probe-finding.ts';
import { laptopTempo } from '../../lib/plan/tempo.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import type { Spec } from '../../lib/spec/schema.ts';

export function sampleSpec(
  changes: {
    readonly workload?: Partial<Spec['workload']>;
    readonly load?: Partial<Spec['load']>;
    readonly stage?: Partial<Spec['stage']>;
    readonly fleet?: Partial<Spec['fleet']>;
    readonly budget?: Partial<Spec['budget']>;
    readonly prices?: Spec['prices'];
  } = {},
): Spec {
  const spec = parseSpec(
    '{target: {url: "http://mock/v1"}, workload: {inputTokens: 100, outputTokens: 10}, load: {levels: [1, 2, 4]}}',
  );
  return {
    ...spec,
    workload: { ...spec.workload, ...changes.workload },
    load: { ...spec.load, ...changes.load },
    stage: { ...spec.stage, ...changes.stage },
    fleet: { ...spec.fleet, ...changes.fleet },
    budget: { ...spec.budget, ...changes.budget },
    prices: changes.prices ?? null,
  };
}

export function samplePlan(spec: Spec = sampleSpec(), rest: Partial<PlanInput> = {}): Plan {
  return planSweep({
    sweepId: 'test',
    spec,
    startedAtEpochMs: 0,
    capacity: 10,
    tempo: laptopTempo,
    limits: null,
    version: '0.0.0',
    ...rest,
  });
}

export const sampleFinding: ProbeFinding = {
  ok: true,
  httpStatus: 200,
  streaming: true,
  usageInStream: true,
  tokenSource: 'usage',
  protocol: 'http/1.1',
  remoteAddress: '127.0.0.1',
  tcpMs: 0.5,
  tlsMs: null,
  model: 'mock',
  wordsToTokens: { slope: 1, intercept: 0 },
  promptTokens: 100,
  reasoning: 'none',
  exactPrompts: null,
  waitedMs: null,
  latenciesMs: [900, 1000, 1500],
  ttftMs: 100,
  warnings: [],
  failure: null,
};

export function sampleVerdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    schema: 'paretoken.verdict.v1',
    stage: 1,
    kind: 'load',
    level: 1,
    cell: { inputTokens: 100, outputTokens: 10 },
    pass: null,
    state: 'ok',
    reasons: [],
    requests: 200,
    errorShare: 0,
    p50LatencyMs: 1000,
    p95LatencyMs: 1500,
    maxLatencyMs: 1800,
    p50LatencyCi: [950, 1050],
    p95Margins: { latency: 0.04, ttft: 0.08, tpot: 0.02 },
    outputTokensPerSecond: 100,
    outputTokensPerSecondCi: [95, 105],
    slo: null,
    sloWithinNoise: false,
    usage: { requests: 300, inputTokens: 30_000, outputTokens: 3000, requestsWithoutUsage: 0 },
    tookMs: 60_000,
    ranOutOf: null,
    notebookPass: null,
    probe: null,
    ...changes,
  };
}

export function sampleProbeVerdict(changes: Partial<ProbeFinding> = {}): Verdict {
  return sampleVerdict({
    stage: 0,
    kind: 'probe',
    p95LatencyMs: null,
    maxLatencyMs: 1500,
    probe: { ...sampleFinding, ...changes },
  });
}
