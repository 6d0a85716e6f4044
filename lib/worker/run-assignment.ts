import { type MonotonicSchedule, monotonicSchedule } from '../load/monotonic-schedule.ts';
import { pausedSeconds } from '../load/pause.ts';
import type { Assignment } from '../plan/assignment.ts';
import { shareOf } from '../plan/share.ts';
import { emptyGapHistogram } from '../record/gap-histogram.ts';
import type { Receipt, ReceiptState } from '../record/receipt.ts';
import { slicesPerWindow } from '../record/request-record.ts';
import type { Window } from '../record/window-tokens.ts';
import { receiptKey } from '../store/key-layout.ts';
import { anchorOf } from '../timing/clock.ts';
import { claim } from './claim.ts';
import { watchControl } from './control.ts';
import { unsentFinding } from './finding-of.ts';
import { holdStage } from './hold-stage.ts';
import type { WorkerPorts } from './ports.ts';
import { newTally, type Tally } from './tally.ts';
import { type TimeLimit, timeLimit, timeLimitFailure } from './time-limit.ts';

/** How an invocation ended: with a receipt of its own, or leaving because the assignment is another's. */
export type AssignmentEnd = ReceiptState | 'not_ours';

type Held = Pick<Receipt, 'state' | 'failure'>;

/**
 * Claims an assignment, carries it out, and leaves a receipt as the very last thing, whatever happens before.
 * @throws StoreError when not even the claim or the receipt can be stored
 */
export async function runAssignment(assignment: Assignment, ports: WorkerPorts): Promise<AssignmentEnd> {
  const { store, clock, machine } = ports;
  const { sweepId, stage, worker, tempo } = assignment;
  const nonce = ports.newNonce();
  if (!(await claim(store, assignment, nonce))) return 'not_ours';
  const start = anchorOf(clock);
  const schedule = monotonicSchedule(stage, start);
  const tally = newTally(assignment.funds);
  const control = watchControl(ports, { sweepId, everyMs: tempo.controlPollMs });
  const limit = timeLimit(clock, start, ports.endsBy);
  const stop = AbortSignal.any([control.stop, limit.stop]);
  const held = await holdStage({ assignment, ports, schedule, tally, stop, limit }).then(
    (state): Held => ({ state, failure: failureOf(state, tally, limit) }),
    (error: unknown): Held => ({ state: 'failed', failure: error instanceof Error ? error.message : String(error) }),
  );
  if (stage.kind === 'probe' && held.state === 'failed') tally.probe ??= unsentFinding(held.failure ?? '');
  control.close();
  limit.close();
  const end = anchorOf(clock);
  const window = windowHeld(schedule, tally);
  const bySlice = window === null ? [] : tally.inFlight.secondsBySlice({ ...window, slices: slicesPerWindow });
  const receipt: Receipt = {
    schema: 'paretoken.receipt.v1',
    sweepId,
    stage: stage.stage,
    worker,
    nonce,
    ...held,
    ...(tally.purse.ranOutOf !== null && { ranOutOf: tally.purse.ranOutOf }),
    streams: shareOf(stage.level, worker, stage.workers).count,
    lateMs: tally.lateMs,
    outcomes: tally.outcomes,
    requests: tally.requests,
    cohort: tally.cohort,
    records: { parts: tally.recorded.parts, rows: tally.recorded.rows, lost: tally.recorded.lost },
    window: stage.requestsPerStream === null ? null : sinceStart(window, schedule),
    inFlightSeconds: bySlice.reduce((sum, seconds) => sum + seconds, 0),
    inFlightSecondsBySlice: bySlice,
    pausedSeconds: window === null ? 0 : pausedSeconds(tally.loop.pauses, window),
    streamsGaveUp: tally.loop.streamsGaveUp,
    socketsOpened: tally.socketsOpened,
    controlUnreadable: control.unreadable,
    interChunk: stage.kind === 'probe' ? emptyGapHistogram : tally.gaps.histogram(),
    health: tally.health,
    anchors: {
      startEpochMs: start.epochMs,
      startMonotonicUs: start.monotonicUs,
      endEpochMs: end.epochMs,
      endMonotonicUs: end.monotonicUs,
    },
    machine,
    probe: tally.probe,
  };
  await store.put(receiptKey(sweepId, stage.stage, worker), JSON.stringify(receipt));
  return held.state;
}

/** What went wrong with a part that did not fail as a whole. */
function failureOf(state: ReceiptState, { recorded, credentialFailure }: Tally, limit: TimeLimit): string | null {
  const cut = state === 'stopped' && limit.stop.aborted;
  const failures = [cut ? timeLimitFailure : null, recorded.failure, credentialFailure].filter(
    (failure) => failure !== null,
  );
  return failures.length === 0 ? null : failures.join('; ');
}

/** The window on the worker's clock; of a counted stage as its requests tell it, null where that is empty. */
function windowHeld({ startsUs, windowStartsUs, windowEndsUs }: MonotonicSchedule, tally: Tally): Window | null {
  if (windowEndsUs !== null) return { startsUs: windowStartsUs, endsUs: windowEndsUs };
  const counted = tally.counted.window();
  return counted && { startsUs: counted.startsUs + startsUs, endsUs: counted.endsUs + startsUs };
}

function sinceStart(window: Window | null, { startsUs }: MonotonicSchedule): Receipt['window'] {
  return window && { startUs: window.startsUs - startsUs, endUs: window.endsUs - startsUs };
}
