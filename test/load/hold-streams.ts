import { type ClosedLoopResult, closedLoop } from '../../lib/load/closed-loop.ts';
import { countedCohort, timedCohort } from '../../lib/load/cohort.ts';
import type { MonotonicSchedule } from '../../lib/load/monotonic-schedule.ts';
import { pausedSeconds } from '../../lib/load/pause.ts';
import type { Clock } from '../../lib/timing/clock.ts';
import { type IdleQueue, idleQueue } from '../../lib/timing/idle-queue.ts';
import { newReader } from '../target/told-stream.ts';
import { type VirtualClock, virtualClock } from '../timing/virtual-clock.ts';
import { type Script, scriptedConnection } from './scripted-connection.ts';

/** A level to be held: times are milliseconds since the start. */
export interface Held {
  /** What becomes of each stream's requests, by ordinal. */
  readonly streams: readonly ((ordinal: number) => Script)[];
  /** When each stream's first request is due; 0 unless told. */
  readonly firstDueMs?: readonly number[];
  /** When the worker begins; 0 unless told. */
  readonly beginsMs?: number;
  readonly stopMs?: number;
  /** Counts each stream's first so many requests instead of holding the window. */
  readonly requestsPerStream?: number;
  /** Whether a stream may send its next request; always unless told. */
  readonly admit?: (stream: number, ordinal: number) => boolean;
  readonly idle?: IdleQueue;
  /** The clock as the loop knows it. */
  readonly seenClock?: (clock: VirtualClock) => Clock;
}

/** Warm-up of a second, a window of a second, two seconds to drain. */
export const scheduleMs = { starts: 0, windowStarts: 1000, windowEnds: 2000, stops: 4000 };
const deadlines = { connectMs: 100, firstTokenMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

/** What came of it, in milliseconds since the start. */
export interface Holding {
  /** Every request handed to a connection: its id, `stream-ordinal`, and when. */
  readonly sends: readonly { readonly id: string; readonly atMs: number }[];
  readonly finished: readonly {
    readonly id: string;
    readonly dueMs: number;
    readonly settledMs: number | null;
    readonly ending: string;
  }[];
  readonly result: ClosedLoopResult;
  /** What of the pauses lies in the window. */
  readonly pausedSeconds: number;
  readonly endedMs: number;
  /** Timers left behind. */
  readonly pending: number;
  /** Most timers at once. */
  readonly mostPending: number;
  readonly stop: AbortSignal;
}

export async function holdStreams(held: Held): Promise<Holding> {
  const clock = virtualClock();
  const startUs = clock.nowUs();
  const toUs = (ms: number) => startUs + ms * 1000;
  const toMs = (us: number) => (us - startUs) / 1000;
  await clock.advanceTo(toUs(held.beginsMs ?? 0));
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  if (held.stopMs !== undefined && held.stopMs <= (held.beginsMs ?? 0)) stop();
  else if (held.stopMs !== undefined) clock.callAt(toUs(held.stopMs), stop);
  const connections = held.streams.map((scriptOf) => scriptedConnection(clock, scriptOf));
  const finished: Holding['finished'][number][] = [];
  let mostPending = 0;
  const counted = held.requestsPerStream !== undefined;
  const window = { startsUs: toUs(scheduleMs.windowStarts), endsUs: toUs(scheduleMs.windowEnds) };
  const schedule: MonotonicSchedule = {
    startsUs: toUs(scheduleMs.starts),
    windowStartsUs: counted ? toUs(scheduleMs.starts) : window.startsUs,
    windowEndsUs: counted ? null : window.endsUs,
    stopsUs: toUs(scheduleMs.stops),
  };
  const work = closedLoop({
    streams: connections.map((connection, index) => ({
      index,
      connection,
      firstDueUs: toUs(held.firstDueMs?.[index] ?? 0),
    })),
    schedule,
    cohort:
      held.requestsPerStream === undefined
        ? timedCohort(schedule)
        : countedCohort(connections.length, held.requestsPerStream),
    deadlines,
    clock: held.seenClock?.(clock) ?? clock,
    idle: held.idle ?? idleQueue(clock),
    stop: stopping.signal,
    admit: held.admit ?? (() => true),
    nextRequest: (stream, ordinal) => ({ id: `${stream}-${ordinal}`, headers: {}, body: '{}' }),
    newReader: () => newReader(),
    onFlight() {},
    onFinished({ request, dueUs, settledUs, answer: { ending } }) {
      mostPending = Math.max(mostPending, clock.pending());
      finished.push({
        id: request.id,
        dueMs: toMs(dueUs),
        settledMs: settledUs === null ? null : toMs(settledUs),
        ending: ending.detail === null ? ending.outcome : `${ending.outcome}: ${ending.detail}`,
      });
    },
  });
  const result = await clock.runUntilSettled(work);
  return {
    sends: connections
      .flatMap(({ sends }) => sends)
      .map(({ id, atUs }) => ({ id, atMs: toMs(atUs) }))
      .toSorted((a, b) => a.atMs - b.atMs),
    finished,
    result,
    pausedSeconds: pausedSeconds(result.pauses, window),
    endedMs: toMs(clock.nowUs()),
    pending: clock.pending(),
    mostPending,
    stop: stopping.signal,
  };
}
