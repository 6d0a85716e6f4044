import type { Spec } from '../spec/schema.ts';
import type { Tempo } from './assignment.ts';
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

function planWarnings({ spec, capacity }: PlanInput): string[] {
  if (typeof spec.stage.measure === 'object') return [];
  const highest = Math.max(...spec.load.levels);
  const workers = workersFor(highest, spec.fleet, capacity);
  const streams = Math.ceil(highest / workers);
  if (streams <= spec.fleet.streamsPerWorker) return [];
  return [
    `At level ${highest} each of ${workers} ${workers === 1 ? 'worker carries' : 'workers carries'} ${streams} streams, above the ${spec.fleet.streamsPerWorker} of fleet.streamsPerWorker: watch event_loop_delay and cpu in the report.`,
  ];
}

/** Tempo of a sweep on one machine, where starting a worker takes a fraction of a second. */
export const laptopTempo: Tempo = {
  leadMs: 1000,
  connectAheadMs: 300,
  progressMs: 1000,
  controlPollMs: 1000,
  graceMs: 30_000,
  watchMs: 250,
  collectMs: 50,
  flushMs: 60_000,
};
