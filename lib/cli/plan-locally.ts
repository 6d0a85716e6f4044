import { threadFleet } from '../fleet/thread-fleet.ts';
import { type Plan, planSweep } from '../plan/plan.ts';
import { refusalsOf } from '../plan/refusals.ts';
import { laptopTempo } from '../plan/tempo.ts';
import type { Spec } from '../spec/schema.ts';
import { RefusedError } from './exit.ts';
import { packageVersion } from './package.ts';

export interface PlanToMake {
  readonly spec: Spec;
  readonly sweepId: string;
  readonly startedAtEpochMs: number;
}

/**
 * The plan that a sweep on this machine would begin with; nothing is started or written.
 * @throws RefusedError when it can't be carried out, with every reason
 */
export async function planLocally({ spec, sweepId, startedAtEpochMs }: PlanToMake): Promise<Plan> {
  const capacity = await threadFleet({ folder: '.', secrets: {} }).capacity();
  const version = packageVersion();
  const plan = planSweep({ sweepId, spec, startedAtEpochMs, capacity, tempo: laptopTempo, limits: null, version });
  const refusals = refusalsOf(plan);
  if (refusals.length === 0) return plan;
  const count = refusals.length === 1 ? 'One thing forbids' : `${refusals.length} things forbid`;
  throw new RefusedError(
    `the sweep can't be run. ${count} it:\n${refusals.map((refusal) => `  ${refusal}`).join('\n')}\nNothing was sent or written.`,
  );
}
