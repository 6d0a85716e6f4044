import { formatDuration } from '../spec/duration.ts';
import { assignmentsOf } from './assign.ts';
import { longestStageMs, mostLooks, type PlatformLimits } from './limits.ts';
import type { Plan } from './plan.ts';
import { scheduleStage } from './stage.ts';
import { workersFor } from './workers.ts';

/** Longest warm-up, window and shortest drain that `auto` may choose; see stageTimes. */
const autoMs = { warmUp: 120_000, window: 300_000, drain: 10_000 };

/** A share of the operations is kept for retries and for the sweep's own start and end. */
const operationsToPlanWith = 0.9;

/**
 * Why a plan can't be carried out within its platform's limits: every reason, each with its place in the spec and what
 * to do; empty when it can, and on a laptop, which has none.
 */
export function refusalsOf(plan: Plan): string[] {
  const { limits } = plan;
  if (limits === null) return [];
  return [
    capacityRefusal(plan),
    durationRefusal(plan, limits),
    operationsRefusal(plan, limits),
    sizeRefusal(plan, limits),
  ].filter((refusal) => refusal !== null);
}

function capacityRefusal({ spec, capacity }: Plan): string | null {
  const highest = Math.max(...spec.load.levels);
  const wanted = workersFor(highest, spec.fleet, Number.POSITIVE_INFINITY);
  if (wanted <= capacity) return null;
  return `load.levels: level ${highest} needs ${wanted} ${wanted === 1 ? 'worker' : 'workers'} at once, and the account leaves room for ${Math.max(0, capacity)}. Raise Lambda's quota "Concurrent executions" (L-B99A9384, in Service Quotas), or raise fleet.streamsPerWorker, or lower load.levels.`;
}

function durationRefusal({ spec, tempo }: Plan, limits: PlatformLimits): string | null {
  const longest = longestStageMs(limits, tempo) ?? 0;
  const { warmUp, measure, drain } = spec.stage;
  if (typeof measure === 'object') return null;
  const warmUpMs = warmUp === 'auto' ? autoMs.warmUp : warmUp;
  const windowMs = measure === 'auto' ? autoMs.window : measure;
  const drainMs = drain === 'auto' ? Math.min(autoMs.drain, spec.deadlines.total) : drain;
  const stageMs = warmUpMs + windowMs + drainMs;
  if (stageMs <= longest) return null;
  return `stage: warm-up ${formatDuration(warmUpMs)}, window ${formatDuration(windowMs)} and drain ${formatDuration(drainMs)} may take ${formatDuration(stageMs)}, and a worker has ${formatDuration(longest)}. Shorten stage.warmUp, stage.measure or stage.drain.`;
}

function operationsRefusal({ spec, tempo }: Plan, limits: PlatformLimits): string | null {
  const operations = mostOperations(spec, tempo, limits);
  const most = Math.floor(limits.operations * operationsToPlanWith);
  if (operations <= most) return null;
  return `load.levels: ${spec.load.levels.length} levels may take ${operations} operations of the durable execution, and ${most} can be planned with. Give fewer levels, or a shorter stage.measure.`;
}

/** Of a stage: schedule, launch, stop, three calls of the aggregator, and three for each look at the receipts. */
function mostOperations(spec: Plan['spec'], tempo: Plan['tempo'], limits: PlatformLimits): number {
  const longest = longestStageMs(limits, tempo) ?? 0;
  const { warmUp, measure } = spec.stage;
  const openMs =
    typeof measure === 'object'
      ? 0
      : tempo.leadMs + (warmUp === 'auto' ? autoMs.warmUp : warmUp) + (measure === 'auto' ? autoMs.window : measure);
  const looks = mostLooks(tempo, openMs, Math.max(0, longest - openMs));
  const stages = 1 + spec.load.levels.length + (spec.load.driftCheck ? 1 : 0);
  // One level may run again.
  return (stages + 1) * (6 + 3 * looks);
}

function sizeRefusal(plan: Plan, limits: PlatformLimits): string | null {
  const design = {
    stage: 0,
    kind: 'probe',
    level: 1,
    repeat: 0,
    cell: { inputTokens: plan.spec.workload.inputTokens, outputTokens: plan.spec.workload.outputTokens },
    warmUpMs: 0,
    windowMs: 0,
    requestsPerStream: null,
    drainMs: 0,
    rampMs: 0,
    workers: 1,
  } as const;
  const [assignment] = assignmentsOf(plan, scheduleStage(plan.sweepId, design, plan.startedAtEpochMs), null);
  const bytes = new TextEncoder().encode(JSON.stringify(assignment)).length + bytesKeptFree;
  if (bytes <= limits.eventBytes) return null;
  return `target: what each worker is told takes ${bytes} bytes, and an event holds ${limits.eventBytes}. Shorten target.headers or target.parameters.`;
}

/** Later assignments carry longer numbers than the first. */
const bytesKeptFree = 4096;
