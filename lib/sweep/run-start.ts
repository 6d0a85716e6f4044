import type { Tempo } from '../plan/assignment.ts';
import type { Ended } from '../plan/ended.ts';
import { longestSweepMs, type PlatformLimits } from '../plan/limits.ts';
import { mostRuns } from '../plan/runs.ts';
import { describeFault } from '../spec/fault.ts';
import type { Spec } from '../spec/schema.ts';
import type { VersionedStore } from '../store/store.ts';
import { runSweep, SweepExistsError, type SweepPorts, SweepRefusedError } from './run-sweep.ts';
import { lockSchedule } from './schedule-lock.ts';
import { idOfStart, readStart, type ScheduledStart } from './start-event.ts';
import { refuseSweep, type StatusHead } from './status.ts';
import type { Steps } from './steps.ts';

export interface StartPorts extends Omit<SweepPorts, 'steps' | 'store'> {
  readonly store: VersionedStore;
  /** Steps that are taken before the sweep's id is known. */
  readonly step: Steps['step'];
  stepsOf(sweepId: string): Steps;
  /** Why a target is not to be measured from here; null when it may be. */
  targetRefusal(target: Spec['target']): string | null;
}

/** Where a sweep runs that is started by an event. */
export interface StartPlace {
  readonly limits: PlatformLimits;
  readonly tempo: Tempo;
  readonly version: string;
  /** ARN of the durable execution: the owner of the sweep. */
  readonly execution: string;
}

/** What became of a start; small, since it is kept as the execution's result. */
export interface StartResult {
  readonly sweepId: string;
  /** `duplicate`: another start has the id. */
  readonly state: 'ended' | 'refused' | 'duplicate';
  readonly ended: Ended | null;
  readonly refusals: readonly string[];
}

/**
 * Carries out the event that starts a sweep. What is wrong with it is stored as the sweep's status, since whoever
 * started it waits for no answer.
 */
export async function runStart(event: unknown, place: StartPlace, ports: StartPorts): Promise<StartResult> {
  const startedAtEpochMs = await ports.step('begin', async () => ports.clock.nowEpochMs());
  const start = readStart(event);
  const { spec, faults } = start;
  const sweepId = idOfStart(start, startedAtEpochMs);
  const name = spec?.name ?? 'refused';
  const head: StatusHead = { sweepId, name, startedAtEpochMs, owner: place.execution, execution: place.execution };
  const refused = async (refusals: readonly string[]): Promise<StartResult> => {
    await ports.step('refuse', () => refuseSweep(ports.store, head, refusals));
    return { sweepId, state: 'refused', ended: null, refusals };
  };
  if (spec === null) return refused(faults.map(describeFault));
  if (typeof spec.workload.file === 'string') return refused([fileRefusal]);
  const refusal = ports.targetRefusal(spec.target);
  if (refusal !== null) return refused([refusal]);
  const running = await lockedBy(start.schedule, { spec, head, place, ports });
  if (running !== null) return refused([`the sweep ${running} of this schedule is still running: stop it, or wait`]);
  try {
    const { ended } = await runSweep(
      { sweepId, spec, startedAtEpochMs, ...place, owner: head.owner },
      { ...ports, steps: ports.stepsOf(sweepId) },
    );
    return { sweepId, state: 'ended', ended, refusals: [] };
  } catch (error) {
    if (error instanceof SweepRefusedError) return refused(error.reasons);
    if (error instanceof SweepExistsError) return { sweepId, state: 'duplicate', ended: null, refusals: [] };
    // Of a sweep that was opened the status stays: this one has its id already.
    await refused([`it could not be started: ${error instanceof Error ? error.message : String(error)}`]);
    throw error;
  }
}

const fileRefusal =
  'workload.file: names a file of another machine: `paretoken start` brings it into the bucket, a schedule or a bare event cannot';

interface Locking {
  readonly spec: Spec;
  readonly head: StatusHead;
  readonly place: StartPlace;
  readonly ports: StartPorts;
}

/** The sweep of the same schedule that still runs; null when there is none or this start is of no schedule. */
async function lockedBy(
  schedule: ScheduledStart | null,
  { spec, head, place, ports }: Locking,
): Promise<string | null> {
  if (schedule === null) return null;
  const extent = { stages: mostRuns(spec), minutes: spec.budget.minutes };
  const expiresAtEpochMs = head.startedAtEpochMs + longestSweepMs(extent, place.limits, place.tempo);
  return ports.step('lock', () =>
    lockSchedule(ports.store, {
      schedule: schedule.name,
      sweepId: head.sweepId,
      expiresAtEpochMs,
      nowEpochMs: head.startedAtEpochMs,
    }),
  );
}
