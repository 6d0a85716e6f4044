import { getJson, jsonText } from '../store/json.ts';
import { scheduleKey, statusKey } from '../store/key-layout.ts';
import type { VersionedStore } from '../store/store.ts';
import type { Status } from './status.ts';

/** Which sweep of a schedule runs, `paretoken.schedule-lock.v1`. */
export interface ScheduleLock {
  readonly schema: 'paretoken.schedule-lock.v1';
  readonly sweepId: string;
  /** After this a sweep that never came to its end no longer holds the lock. */
  readonly expiresAtEpochMs: number;
}

export interface LockRequest {
  readonly schedule: string;
  readonly sweepId: string;
  readonly expiresAtEpochMs: number;
  readonly nowEpochMs: number;
}

/**
 * Takes the lock of a schedule unless a sweep of it still runs; may be asked again by the sweep that holds it.
 * @returns null when it was taken, else the id of the sweep that runs
 */
export async function lockSchedule(store: VersionedStore, request: LockRequest): Promise<string | null> {
  const { schedule, sweepId, expiresAtEpochMs, nowEpochMs } = request;
  const key = scheduleKey(schedule);
  const lock: ScheduleLock = { schema: 'paretoken.schedule-lock.v1', sweepId, expiresAtEpochMs };
  for (let round = 1; round <= mostRounds; round++) {
    const found = await store.getVersion(key);
    const held = found && (JSON.parse(new TextDecoder().decode(found.bytes)) as ScheduleLock);
    if (held?.sweepId === sweepId) return null;
    if (held && held.expiresAtEpochMs > nowEpochMs && (await isRunning(store, held.sweepId))) return held.sweepId;
    // Whoever else changed it meanwhile is looked at in the next round.
    if ((await store.putIf(key, jsonText(lock), found?.version ?? null)) === 'stored') return null;
  }
  throw new Error(`the lock of the schedule ${schedule} changed ${mostRounds} times while it was asked for`);
}

const mostRounds = 10;

/** The lock is taken before the sweep opens: one without a status is about to run. */
async function isRunning(store: VersionedStore, sweepId: string): Promise<boolean> {
  const status = await getJson<Status>(store, statusKey(sweepId));
  return status === null || status.state === 'running';
}
