import type { Workload } from '../spec/workload.ts';
import { cellOf } from './cell.ts';
import { fitTimes } from './fit-times.ts';
import { longestStageMs } from './limits.ts';
import type { Plan } from './plan.ts';
import type { StageDesign } from './stage.ts';
import { type ExpectedLatency, scaleLatency, stageTimes } from './stage-times.ts';
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
    warmUpMs: 0,
    requestsPerStream: null,
    windowMs: Math.min((target.readyWithin ?? 0) + requestsMs, longestMs, Math.floor(leftMs)),
    drainMs: 0,
    rampMs: 0,
    workers: 1,
  };
}

export interface LevelToRun {
  readonly kind: 'load' | 'drift';
  readonly level: number;
  /** What the budget leaves; infinite without a limit. */
  readonly leftMs: number;
}

/** A stage of a level, as long as it takes or as the time left allows; where that is too short, how long it takes. */
export function levelStage(
  plan: Plan,
  verdicts: readonly Verdict[],
  { kind, level, leftMs }: LevelToRun,
): StageDesign | { readonly needsMs: number } {
  const { spec, tempo, limits, capacity } = plan;
  const expected = expectedLatency(verdicts, level);
  const wanted = stageTimes(spec, level, expected, longestStageMs(limits, tempo));
  const times = fitTimes({ times: wanted, asked: spec.stage, expected, mostMs: leftMs - tempo.leadMs });
  if (times === null) {
    return { needsMs: tempo.leadMs + wanted.warmUpMs + (wanted.windowMs ?? 0) + wanted.drainMs };
  }
  return {
    stage: verdicts.length,
    kind,
    level,
    repeat: verdicts.filter((verdict, index) => index > 0 && verdict.level === level).length,
    cell: cellOf(spec.workload),
    ...times,
    // A counted stage is carried by one worker, which alone can know when all streams have had their turn.
    workers: times.windowMs === null ? 1 : workersFor(level, spec.fleet, capacity),
  };
}

/** From the last valid stage of the level, else of any, else from the probe; where there were too few answers for p95, their maximum. */
function expectedLatency(verdicts: readonly Verdict[], level: number): ExpectedLatency {
  const valid = verdicts.filter(({ p50LatencyMs, state }) => state !== 'void' && p50LatencyMs !== null);
  // A level that runs again is best foretold by itself.
  const seen = valid.findLast((verdict) => verdict.stage > 0 && verdict.level === level) ?? valid.at(-1);
  const p50Ms = seen?.p50LatencyMs ?? 1000;
  const p95Ms = seen?.p95LatencyMs ?? seen?.maxLatencyMs ?? p50Ms;
  return scaleLatency({ level: seen?.level ?? 1, p50Ms, p95Ms }, level);
}
