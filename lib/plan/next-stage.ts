import type { Ended } from './ended.ts';
import { longestStageMs } from './limits.ts';
import type { Plan } from './plan.ts';
import { endOfProbe } from './probe-end.ts';
import type { Cell, StageDesign } from './stage.ts';
import { type ExpectedLatency, scaleLatency, stageTimes } from './stage-times.ts';
import type { Verdict } from './verdict.ts';
import { workersFor } from './workers.ts';

/** What a sweep does next. */
export type Move =
  | { readonly kind: 'stage'; readonly design: StageDesign }
  | { readonly kind: 'end'; readonly ended: Ended };

/** Requests of the probe, one after another. */
export const probeRequests = 3;

/** Above this share of failed requests a sweep ends: pressing harder would only measure errors. */
const errorShareToEnd = 0.5;

/** The next stage, or the end: a pure function of the plan and the verdicts of all stages so far, in order. */
export function nextMove(plan: Plan, verdicts: readonly Verdict[]): Move {
  const [probe, ...stages] = verdicts;
  if (!probe) return { kind: 'stage', design: probeStage(plan) };
  const failed = endOfProbe(probe);
  if (failed) return { kind: 'end', ended: failed };
  const { levels, driftCheck } = plan.spec.load;
  const last = stages.at(-1);
  const stopped = last ? endAfter(last, stages) : null;
  if (stopped) return { kind: 'end', ended: stopped };
  const runsOf = (of: number) => stages.filter((stage) => stage.level === of).length;
  if (last && allLost(last) && runsOf(last.level) === 1)
    return { kind: 'stage', design: levelStage(plan, verdicts, last.level, 'load') };
  const done = new Set(stages.map(({ level }) => level));
  const level = levels.find((candidate) => !done.has(candidate));
  if (level !== undefined) return { kind: 'stage', design: levelStage(plan, verdicts, level, 'load') };
  const [first] = levels;
  if (first !== undefined && driftCheck && levels.length > 1 && last?.level !== first) {
    return { kind: 'stage', design: levelStage(plan, verdicts, first, 'drift') };
  }
  return { kind: 'end', ended: { reason: 'done', detail: null } };
}

/** All of a stage's workers were lost: the level has not been measured at all. */
function allLost({ requests, reasons }: Verdict): boolean {
  return requests === 0 && reasons.includes('streams_missing');
}

/** Every stream gave up before anything could be measured: the endpoint only fails. */
function onlyFailed({ requests, reasons }: Verdict): boolean {
  return requests === 0 && reasons.includes('interrupted') && !reasons.includes('control_unreadable');
}

function endAfter(last: Verdict, stages: readonly Verdict[]): Ended | null {
  if (onlyFailed(last)) {
    return {
      reason: 'error_rate',
      detail: `Every stream gave up at level ${last.level}: nothing but failures in a row.`,
    };
  }
  if (last.errorShare !== null && last.errorShare > errorShareToEnd) {
    const share = Math.round(last.errorShare * 100);
    return { reason: 'error_rate', detail: `${share} % of the requests at level ${last.level} failed.` };
  }
  const voided = stages.filter(({ level, state }) => level === last.level && state === 'void').length;
  if (last.state === 'void' && voided >= 2) {
    return { reason: 'void', detail: `Level ${last.level} came out void twice (${last.reasons.join(', ')}).` };
  }
  return null;
}

function cellOf({ spec }: Plan): Cell {
  return { inputTokens: spec.workload.inputTokens, outputTokens: spec.workload.outputTokens };
}

/** The window of the probe is the time that its requests may take at most. */
function probeStage(plan: Plan): StageDesign {
  const { connect, total } = plan.spec.deadlines;
  const longestMs = longestStageMs(plan.limits, plan.tempo) ?? Number.POSITIVE_INFINITY;
  return {
    stage: 0,
    kind: 'probe',
    level: 1,
    repeat: 0,
    cell: cellOf(plan),
    warmUpMs: 0,
    requestsPerStream: null,
    windowMs: Math.min((probeRequests + 1) * (connect + total), longestMs),
    drainMs: 0,
    rampMs: 0,
    workers: 1,
  };
}

function levelStage(plan: Plan, verdicts: readonly Verdict[], level: number, kind: 'load' | 'drift'): StageDesign {
  return {
    stage: verdicts.length,
    kind,
    level,
    repeat: verdicts.filter((verdict, index) => index > 0 && verdict.level === level).length,
    cell: cellOf(plan),
    ...stageTimes(plan.spec, level, expectedLatency(verdicts, level), longestStageMs(plan.limits, plan.tempo)),
    workers: isCounted(plan.spec) ? 1 : workersFor(level, plan.spec.fleet, plan.capacity),
  };
}

/** A counted stage is carried by one worker, which alone can know when all streams have had their turn. */
function isCounted({ stage }: Plan['spec']): boolean {
  return typeof stage.measure === 'object';
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
