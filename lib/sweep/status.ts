import type { Ended } from '../plan/ended.ts';
import type { Plan } from '../plan/plan.ts';
import { getJson, jsonText } from '../store/json.ts';
import { controlKey, planKey, specKey, statusKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';

/** Where a sweep stands, `paretoken.status.v1`; written by whoever runs the sweep and by nobody else. */
export interface Status {
  readonly schema: 'paretoken.status.v1';
  readonly sweepId: string;
  readonly name: string;
  readonly startedAtEpochMs: number;
  /** `refused`: nothing was sent, and there is no report. */
  readonly state: 'running' | 'ended' | 'refused';
  readonly ended: Ended | null;
  /** Why it was refused, reason by reason. */
  readonly refusals: readonly string[];
  readonly endedAtEpochMs: number | null;
  /** Tells the run that claimed the id from any other. */
  readonly owner: string;
  /** The ARN of the durable execution; null on a laptop. */
  readonly execution: string | null;
}

/** What a status says of how far it got. */
type StatusTail = Pick<Status, 'state' | 'ended' | 'endedAtEpochMs' | 'refusals'>;

/** What a status says of who runs the sweep. */
export type StatusHead = Pick<Status, 'sweepId' | 'name' | 'startedAtEpochMs' | 'owner' | 'execution'>;

/**
 * Claims the sweep's id and lays out what workers look for; may run again for the same owner. The control is there
 * before any worker can look for it.
 */
export async function openSweep(store: Store, plan: Plan, head: StatusHead): Promise<'opened' | 'exists'> {
  const running = statusOf(head, { state: 'running', ended: null, endedAtEpochMs: null, refusals: [] });
  if (!(await claimStatus(store, running))) return 'exists';
  await store.put(specKey(plan.sweepId), jsonText(plan.spec));
  await store.put(planKey(plan.sweepId), jsonText(plan));
  await store.put(controlKey(plan.sweepId), jsonText({ state: 'run' }), { ifAbsent: true });
  return 'opened';
}

/** Takes up a sweep that was stopped or cut off: it runs again, and may send. */
export async function reopenSweep(store: Store, head: StatusHead): Promise<void> {
  await store.put(controlKey(head.sweepId), jsonText({ state: 'run' }));
  const running = statusOf(head, { state: 'running', ended: null, endedAtEpochMs: null, refusals: [] });
  await store.put(statusKey(head.sweepId), jsonText(running));
}

/** Stores the end of a sweep that was opened. */
export async function closeSweep(store: Store, head: StatusHead, ended: Ended, endedAtEpochMs: number): Promise<void> {
  await store.put(
    statusKey(head.sweepId),
    jsonText(statusOf(head, { state: 'ended', ended, endedAtEpochMs, refusals: [] })),
  );
}

/** Stores that a sweep was refused before anything was sent, unless another sweep has the id. */
export async function refuseSweep(store: Store, head: StatusHead, refusals: readonly string[]): Promise<void> {
  const endedAtEpochMs = head.startedAtEpochMs;
  await claimStatus(store, statusOf(head, { state: 'refused', ended: null, endedAtEpochMs, refusals }));
}

/** A put whose answer was lost is found again by its owner. */
async function claimStatus(store: Store, status: Status): Promise<boolean> {
  const key = statusKey(status.sweepId);
  if ((await store.put(key, jsonText(status), { ifAbsent: true })) === 'stored') return true;
  return (await getJson<Status>(store, key))?.owner === status.owner;
}

function statusOf(head: StatusHead, state: StatusTail): Status {
  const { sweepId, name, startedAtEpochMs, owner, execution } = head;
  return { schema: 'paretoken.status.v1', sweepId, name, startedAtEpochMs, ...state, owner, execution };
}
