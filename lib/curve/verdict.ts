import type { Stage } from '../plan/stage.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Receipt } from '../record/receipt.ts';
import { isFailure, type Outcome } from '../timing/outcome.ts';
import { noInterval } from './interval.ts';
import { p95MarginsOf } from './margin.ts';
import type { Reduced } from './pool.ts';
import { median } from './quantile.ts';
import { isSloWithinNoise } from './slo-noise.ts';

/**
 * What the choice of the next stage needs of a stage: its level's figures over all runs, and how this run went, for a void
 * run must count as one, and errors end a sweep when they come.
 */
export function verdictOf({ point, own }: Reduced): Verdict {
  return {
    schema: 'paretoken.verdict.v1',
    stage: own.stage,
    kind: own.kind,
    level: own.level,
    cell: own.cell,
    pass: own.pass,
    state: own.validity.state,
    reasons: own.validity.reasons.map(({ name }) => name),
    requests: own.requests,
    errorShare: own.errorShare,
    p50LatencyMs: point.latencyMs.p50,
    p95LatencyMs: point.latencyMs.p95,
    maxLatencyMs: point.latencyMs.max,
    p50LatencyCi: point.latencyMs.ci.p50,
    p95Margins: p95MarginsOf(point),
    outputTokensPerSecond: point.outputTokensPerSecond.value,
    outputTokensPerSecondCi: point.outputTokensPerSecond.ci,
    slo: point.slo?.verdict ?? null,
    sloWithinNoise: isSloWithinNoise(point),
    usage: own.usage,
    tookMs: null,
    ranOutOf: null,
    notebookPass: own.notebookPass,
    probe: null,
  };
}

/** What the probe found, from its worker's receipt; void without one, or when no request was answered. */
export function probeVerdictOf({ stage, kind, level, cell, pass }: Stage, receipt: Receipt | null): Verdict {
  const probe = receipt?.probe ?? null;
  return {
    schema: 'paretoken.verdict.v1',
    stage,
    kind,
    level,
    cell,
    pass,
    state: probe?.ok ? 'ok' : 'void',
    reasons: receipt === null ? ['streams_missing'] : [],
    requests: receipt?.requests ?? 0,
    errorShare: errorShareOf(receipt?.outcomes ?? {}),
    p50LatencyMs: median(Float64Array.from(probe?.latenciesMs ?? [])),
    p95LatencyMs: null,
    maxLatencyMs: probe === null || probe.latenciesMs.length === 0 ? null : Math.max(...probe.latenciesMs),
    p50LatencyCi: noInterval,
    p95Margins: { latency: null, ttft: null, tpot: null },
    outputTokensPerSecond: null,
    outputTokensPerSecondCi: noInterval,
    slo: null,
    sloWithinNoise: false,
    usage: null,
    tookMs: null,
    ranOutOf: null,
    notebookPass: null,
    probe,
  };
}

function errorShareOf(counts: Receipt['outcomes']): number | null {
  const outcomes = Object.entries(counts) as [Outcome, number][];
  const sum = (among: (outcome: Outcome) => boolean) =>
    outcomes.reduce((total, [outcome, count]) => (among(outcome) ? total + count : total), 0);
  const samples = sum((outcome) => outcome !== 'cancelled');
  return samples === 0 ? null : sum(isFailure) / samples;
}
