import { formatDuration } from '../spec/duration.ts';
import { assignmentsOf } from './assign.ts';
import { budgetRefusals } from './budget-refusals.ts';
import { minutesText } from './budget-text.ts';
import { longestStageMs, longestSweepMs, mostLooks, mostMinutes, type PlatformLimits } from './limits.ts';
import { isParity } from './pass.ts';
import type { Plan } from './plan.ts';
import { highestLevel, passesOf } from './run-order.ts';
import { mostRuns } from './runs.ts';
import { scheduleStage } from './stage.ts';
import { probeStage } from './stage-design.ts';
import { workersFor } from './workers.ts';

/** Longest warm-up, window and shortest drain that `auto` may choose; see stageTimes. */
const autoMs = { warmUp: 120_000, window: 300_000, drain: 10_000 };

/** A share of the operations is kept for retries and for the sweep's own start and end. */
const operationsToPlanWith = 0.9;

/**
 * Why a plan can't be carried out within its budget and its platform's limits, of which a laptop has none: every reason,
 * each with its place in the spec and what to do; empty when it can.
 */
export function refusalsOf(plan: Plan): string[] {
  const { limits } = plan;
  const { file } = plan.spec.workload;
  if (typeof file === 'string') return [`workload.file: ${file} has not been read: ${onlyFromHere}.`];
  if (limits === null) return budgetRefusals(plan);
  return [
    ...budgetRefusals(plan),
    capacityRefusal(plan),
    durationRefusal(plan, limits),
    lifeRefusal(plan, limits),
    operationsRefusal(plan, limits),
    sizeRefusal(plan, limits),
  ].filter((refusal) => refusal !== null);
}

const count = (value: number) => value.toLocaleString('en');

const onlyFromHere = 'a sweep with a file is begun by `paretoken run`, which reads it from the machine where it rests';

function capacityRefusal({ spec, capacity }: Plan): string | null {
  const highest = highestLevel(spec);
  const key = spec.load.search === null ? 'load.levels' : 'load.search.to';
  const wanted = workersFor(highest, spec.fleet, Number.POSITIVE_INFINITY);
  if (wanted <= capacity) return null;
  return `${key}: level ${count(highest)} needs ${count(wanted)} ${wanted === 1 ? 'worker' : 'workers'} at once, and the account leaves room for ${count(Math.max(0, capacity))}. Raise Lambda's quota "Concurrent executions" (L-B99A9384, in Service Quotas), or raise fleet.streamsPerWorker, or lower ${key}.`;
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

/** The platform ends a durable execution without a word, and so without a last report. */
function lifeRefusal({ spec, tempo }: Plan, limits: PlatformLimits): string | null {
  const stages = mostRuns(spec);
  const { minutes } = spec.budget;
  const longestMs = longestSweepMs({ stages, minutes }, limits, tempo);
  if (longestMs <= limits.executionMs) return null;
  const [may, life] = [formatDuration(longestMs), formatDuration(limits.executionMs)];
  const most = mostMinutes(limits, tempo);
  const told =
    minutes === null
      ? `without it ${stages} stages may take ${may}, and the stack ends a sweep after ${life}`
      : `with ${minutesText(minutes)} a sweep may take ${may}, its last stage and its report included, and the stack ends one after ${life}`;
  const verb = minutes === null ? 'Give budget.minutes of' : 'Lower budget.minutes to';
  const remedy = most < 1 ? 'Deploy' : `${verb} at most ${most}, or deploy`;
  return `budget.minutes: ${told}. ${remedy} with a larger longestSweepHours.`;
}

function operationsRefusal({ spec, tempo }: Plan, limits: PlatformLimits): string | null {
  const operations = mostOperations(spec, tempo, limits);
  const most = Math.floor(limits.operations * operationsToPlanWith);
  if (operations <= most) return null;
  const stages = mostRuns(spec);
  const { search, untilPrecise } = spec.load;
  const fewer = untilPrecise ? 'Give fewer levels, a smaller load.untilPrecise.most' : 'Give fewer levels';
  const [key, remedy] = search === null ? ['load.levels', fewer] : ['load.search', 'Narrow the search'];
  return `${key}: ${count(stages)} stages may take ${count(operations)} operations of the durable execution, and ${count(most)} can be planned with. ${remedy}, a smaller budget.minutes, or a shorter stage.measure.`;
}

/**
 * Of a stage: schedule, launch, stop, three calls of the aggregator with two pauses, and three for each look at the receipts. What time the
 * budget gives bounds how many looks there can be in all.
 */
function mostOperations(spec: Plan['spec'], tempo: Plan['tempo'], limits: PlatformLimits): number {
  const longest = longestStageMs(limits, tempo) ?? 0;
  const of = (openMs: number, drainMs: number) => 8 + 3 * mostLooks(tempo, openMs, drainMs);
  const { warmUp, measure, drain } = spec.stage;
  const warmUpMs = warmUp === 'auto' ? autoMs.warmUp : warmUp;
  const windowMs = measure === 'auto' ? autoMs.window : measure;
  const stage =
    typeof windowMs === 'object'
      ? of(0, longest)
      : of(tempo.leadMs + warmUpMs + windowMs, drain === 'auto' ? longest - warmUpMs - windowMs : drain);
  // One level may run again.
  const stages = mostRuns(spec) + 1;
  // A pass of the notebook is counted, whatever the others are held for.
  const counted = (stages * passesOf(spec.load).filter(isParity).length) / passesOf(spec.load).length;
  const { minutes } = spec.budget;
  const byTime =
    minutes === null ? Number.POSITIVE_INFINITY : stages * of(2 * tempo.watchMs, 0) + 3 * looksWithin(minutes, tempo);
  // The probe comes before them.
  return of(0, longest) + Math.min(counted * of(0, longest) + (stages - counted) * stage, byTime);
}

/** Looks beyond the first few of each stage come no more often than this. */
function looksWithin(minutes: number, { watchMs, collectMs }: Plan['tempo']): number {
  return Math.ceil((minutes * 60_000) / Math.max(watchMs, collectMs));
}

function sizeRefusal(plan: Plan, limits: PlatformLimits): string | null {
  const design = probeStage(plan, Number.POSITIVE_INFINITY);
  const [assignment] = assignmentsOf(plan, scheduleStage(plan.sweepId, design, plan.startedAtEpochMs), {
    finding: null,
    allowance: null,
  });
  const bytes = new TextEncoder().encode(JSON.stringify(assignment)).length + bytesKeptFree;
  if (bytes <= limits.eventBytes) return null;
  return `target: what each worker is told takes ${bytes} bytes, and an event holds ${limits.eventBytes}. Shorten target.headers or target.parameters.`;
}

/** Later assignments carry longer numbers than the first. */
const bytesKeptFree = 4096;
