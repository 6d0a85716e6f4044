import type { Spec } from '../spec/schema.ts';
import type { Tempo } from './assignment.ts';
import type { PlatformLimits } from './limits.ts';
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
