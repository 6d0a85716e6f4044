import type { Plan } from '../plan/plan.ts';
import type { Journal } from '../store/journal.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../timing/clock.ts';
import type { Remembered } from './cut-off.ts';
import { beginLife } from './journal-life.ts';
import type { SweepStart } from './run-sweep.ts';
import { reopenSweep, type Status } from './status.ts';

/** A sweep as an earlier process left it. */
export interface LeftSweep {
  readonly plan: Plan;
  readonly status: Status;
}

/** What a sweep goes on from. */
export interface TakenUp {
  /** The very start that it had; without it the plan would be another. */
  readonly start: SweepStart;
  readonly remembered: readonly Remembered[];
}

/** Takes up a sweep that was cut off or stopped. */
export async function takeUp(
  { plan, status }: LeftSweep,
  { store, journal, clock }: { readonly store: Store; readonly journal: Journal; readonly clock: Clock },
): Promise<TakenUp> {
  const remembered = await beginLife(journal, clock.nowEpochMs());
  await reopenSweep(store, status);
  const { schema, name, warnings, capacity, ...input } = plan;
  const { owner, execution } = status;
  return { start: { ...input, owner, execution }, remembered };
}
