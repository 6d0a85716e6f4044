import type { Spec } from '../spec/schema.ts';
import type { Tempo } from './assignment.ts';
import type { PlatformLimits } from './limits.ts';
import { highestLevel } from './run-order.ts';
import { workersFor } from './workers.ts';

/** What a sweep starts from; with the verdicts so far it decides everything that follows. `paretoken.plan.v1`. */
export interface Plan {
  readonly schema: 'paretoken.plan.v1';
  readonly sweepId: string;
  readonly name: string;
  readonly spec: Spec;
  readonly startedAtEpochMs: number;
  /** Workers that the fleet can run at once. */
  readonly capacity: number;
  readonly tempo: Tempo;
  /** Null on a laptop, which bounds nothing. */
  readonly limits: PlatformLimits | null;
  /** What the user should know before the start, in sentences. */
  readonly warnings: readonly string[];
  /** The version of Paretoken that planned. */
  readonly version: string;
}

export type PlanInput = Omit<Plan, 'schema' | 'name' | 'warnings'>;

/** The plan of a sweep: a pure function of the spec, the fleet's capacity and the start. */
export function planSweep(input: PlanInput): Plan {
  return { schema: 'paretoken.plan.v1', name: input.spec.name, warnings: planWarnings(input), ...input };
}

function planWarnings(input: PlanInput): string[] {
  return [streamsWarning(input), percentilesWarning(input.spec)].filter((warning) => warning !== null);
}

function streamsWarning({ spec, capacity }: PlanInput): string | null {
  if (typeof spec.stage.measure === 'object') return null;
  const highest = highestLevel(spec);
  const workers = workersFor(highest, spec.fleet, capacity);
  const streams = Math.ceil(highest / workers);
  if (streams <= spec.fleet.streamsPerWorker) return null;
  const carrier = workers === 1 ? 'its one worker' : `each of its ${count(workers)} workers`;
  return `At level ${count(highest)} ${carrier} carries ${count(streams)} streams, above the ${spec.fleet.streamsPerWorker} of fleet.streamsPerWorker: watch event_loop_delay and cpu in the report.`;
}

const count = (value: number) => value.toLocaleString('en');

/** A window of `auto` is made for a 95th percentile. */
function percentilesWarning({ slo, stage, load }: Spec): string | null {
  const bounded = Object.values(slo?.percentiles ?? {}).some((bounds) => bounds !== null && bounds.p99 !== null);
  const rests = load.search !== null || load.stopAt.includes('slo');
  if (!bounded || !rests || stage.measure !== 'auto') return null;
  return 'A bound on a p99 takes 500 answers of a level, and stage.measure: auto gives a low level about 120: it may stay undecided. Name a longer stage.measure.';
}
