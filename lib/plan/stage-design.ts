import type { Workload } from '../spec/workload.ts';
import { cellOf, sameCell } from './cell.ts';
import { fitTimes } from './fit-times.ts';
import { longestStageMs } from './limits.ts';
import { isParity, type Pass } from './pass.ts';
import type { Plan } from './plan.ts';
import { type Load, sameLoad } from './run-order.ts';
import type { StageDesign } from './stage.ts';
import { type ExpectedLatency, latencyScale, scaleLatency, stageTimes } from './stage-times.ts';
import type { Verdict } from './verdict.ts';
import { workersFor } from './workers.ts';

/** Requests of the probe, one after another; more where it is to find prompts of an exact length. */
export const probeRequestsOf = ({ exact }: Pick<Workload, 'exact'>): number => (exact ? 10 : 3);

/** The probe. Its window is the time that its requests may take at most, and the wait for an endpoint that is not ready. */
export function probeStage(plan: Plan, leftMs: number): StageDesign {
  const { deadlines, target, workload } = plan.spec;
  const requestsMs = (probeRequestsOf(workload) + 1) * (deadlines.connect + deadlines.total);
  const longestMs = longestStageMs(plan.limits, plan.tempo) ?? Number.POSITIVE_INFINITY;
  return {
    stage: 0,
    kind: 'probe',
    level: 1,
    repeat: 0,
    cell: cellOf(plan.spec.workload),
    pass: null,
    warmUpMs: 0,
    requestsPerStream: null,
    windowMs: Math.min((target.readyWithin ?? 0) + requestsMs, longestMs, Math.floor(leftMs)),
    drainMs: 0,
    rampMs: 0,
    workers: 1,
  };
}

export interface LoadToRun extends Load {
  readonly kind: 'load' | 'drift';
  /** What the budget leaves; infinite without a limit. */
  readonly leftMs: number;
}

/** A stage of a load, as long as it takes or as the time left allows; where that is too short, how long it takes. */
export function loadStage(
  plan: Plan,
  verdicts: readonly Verdict[],
  { kind, level, cell, pass, leftMs }: LoadToRun,
): StageDesign | { readonly needsMs: number } {
  const { spec, tempo, limits, capacity } = plan;
  const load = { level, cell, pass };
  const expected = expectedLatency(verdicts, load);
  const wanted = stageTimes(spec, load, expected, longestStageMs(limits, tempo));
  const times = fitTimes({ times: wanted, asked: spec.stage, expected, mostMs: leftMs - tempo.leadMs });
  if (times === null) {
    return { needsMs: tempo.leadMs + wanted.warmUpMs + (wanted.windowMs ?? 0) + wanted.drainMs };
  }
  return {
    stage: verdicts.length,
    kind,
    level,
    repeat: timesRun(verdicts, load),
    cell,
    pass,
    ...times,
    // A counted stage is carried by one worker, which alone can know when all streams have had their turn.
    workers: times.windowMs === null ? 1 : workersFor(level, spec.fleet, capacity),
  };
}

/** How often a load was run, by the verdicts of all stages, the probe's first. */
export function timesRun(verdicts: readonly Verdict[], load: Load): number {
  return verdicts.filter((verdict, index) => index > 0 && sameLoad(verdict, load)).length;
}

/**
 * From the last valid stage of the load's level and cell, else of its cell, else from the first of any, as a rule the probe,
 * by the lengths of the answers; where there were too few answers for p95, their maximum.
 */
function expectedLatency(verdicts: readonly Verdict[], { level, cell }: Load): ExpectedLatency {
  const valid = verdicts.filter(
    ({ p50LatencyMs, state, pass }) => state !== 'void' && p50LatencyMs !== null && (pass === null || !isShort(pass)),
  );
  const inCell = valid.filter((verdict) => sameCell(verdict.cell, cell));
  // A level that runs again is best foretold by itself.
  const again = inCell.findLast((verdict) => verdict.stage > 0 && verdict.level === level);
  const seen = again ?? inCell.at(-1) ?? valid[0];
  const scale = seen === undefined ? 1 : latencyScale(seen.cell.outputTokens, cell.outputTokens);
  const p50Ms = seen?.p50LatencyMs ?? 1000;
  const p95Ms = seen?.p95LatencyMs ?? seen?.maxLatencyMs ?? p50Ms;
  return scaleLatency({ level: seen?.level ?? 1, p50Ms: p50Ms * scale, p95Ms: p95Ms * scale }, level);
}

const isShort = (pass: Pass) => isParity(pass) && pass !== 'parity_full';
