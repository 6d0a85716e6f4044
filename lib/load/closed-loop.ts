import type { Deadlines } from '../plan/assignment.ts';
import type { AnswerReader } from '../target/answer-reader.ts';
import type { Connection, OutgoingRequest } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';
import { type Ending, isFailure } from '../timing/outcome.ts';
import type { Cohort } from './cohort.ts';
import { Exchange, type Exchanged } from './exchange.ts';
import type { MonotonicSchedule } from './monotonic-schedule.ts';
import { failuresToGiveUp, type Pause, pauseMs } from './pause.ts';

/** One parallel request of a level, as this worker carries it. */
export interface LoadStream {
  /** Index in the whole level, over all workers. */
  readonly index: number;
  readonly connection: Connection;
  /** When its first request is due. */
  readonly firstDueUs: number;
}

/** A request that left the load, whatever came of it. */
export interface FinishedRequest extends Exchanged {
  readonly stream: number;
  readonly ordinal: number;
  readonly request: OutgoingRequest;
  readonly dueUs: number;
}

export interface ClosedLoopOptions {
  readonly streams: readonly LoadStream[];
  readonly schedule: MonotonicSchedule;
  readonly cohort: Cohort;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly idle: IdleQueue;
  /** Aborted: nothing more is sent, what is in flight is cancelled. */
  readonly stop: AbortSignal;
  /** Asked right before each send; false: this stream sends nothing more. */
  admit(stream: number, ordinal: number): boolean;
  nextRequest(stream: number, ordinal: number): OutgoingRequest;
  newReader(): AnswerReader;
  onFlight(change: 1 | -1, atUs: number): void;
  onFinished(finished: FinishedRequest): void;
}

export interface ClosedLoopResult {
  readonly streamsGaveUp: number;
  /** Stream time spent pausing after failures. */
  readonly pauses: readonly Pause[];
}

/**
 * Keeps each stream loaded: a new request is due as soon as the last one has freed the stream. Goes on until the
 * last request of the cohort has ended, at most until the stage stops; no byte is sent later.
 */
export async function closedLoop(options: ClosedLoopOptions): Promise<ClosedLoopResult> {
  const run = new ClosedLoop(options);
  return run.result();
}

const cutAtDrain: Ending = { outcome: 'timeout', detail: 'drain', message: null };
const cancelled: Ending = { outcome: 'cancelled', detail: null, message: null };

class ClosedLoop {
  readonly #options: ClosedLoopOptions;
  readonly #over = new AbortController();
  readonly #inFlight = new Set<Exchange>();
  readonly #pauses: Pause[] = [];
  #gaveUp = 0;

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
  }

  async result(): Promise<ClosedLoopResult> {
    const { clock, schedule, stop, streams } = this.#options;
    const cancelTimers = [
      clock.callAt(schedule.windowEndsUs ?? schedule.stopsUs, () => this.#endIfCohortDone()),
      clock.callAt(schedule.stopsUs, () => this.#end(cutAtDrain)),
    ];
    const onStop = () => this.#end(cancelled);
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    await Promise.all(streams.map((stream) => this.#keepLoaded(stream)));
    for (const cancel of cancelTimers) cancel();
    stop.removeEventListener('abort', onStop);
    return { streamsGaveUp: this.#gaveUp, pauses: this.#pauses };
  }

  async #keepLoaded(stream: LoadStream): Promise<void> {
    const { clock, idle, nextRequest } = this.#options;
    let prepared = { ordinal: 0, request: nextRequest(stream.index, 0) };
    let dueUs = stream.firstDueUs;
    let pausedFromUs: number | null = null;
    let failures = 0;
    for (let ordinal = 0; ; ordinal++) {
      const inCohort = this.#options.cohort.due(dueUs, ordinal);
      if (clock.nowUs() < dueUs) await clock.sleepUntil(dueUs, this.#over.signal);
      if (pausedFromUs !== null) this.#pauses.push({ fromUs: pausedFromUs, toUs: Math.min(dueUs, clock.nowUs()) });
      this.#endIfStopped();
      if (this.#over.signal.aborted) return;
      if (!this.#options.admit(stream.index, ordinal)) return this.#leave(ordinal, inCohort);
      const request = prepared.ordinal === ordinal ? prepared.request : nextRequest(stream.index, ordinal);
      const exchanging = this.#exchange(stream, request);
      idle.push(() => {
        prepared = { ordinal: ordinal + 1, request: nextRequest(stream.index, ordinal + 1) };
      });
      const exchanged = await exchanging;
      this.#options.onFinished({ ...exchanged, stream: stream.index, ordinal, request, dueUs });
      if (inCohort) this.#options.cohort.ended();
      this.#endIfCohortDone();
      if (this.#over.signal.aborted) return;
      const { ending, retryAfterMs } = exchanged.answer;
      failures = isFailure(ending.outcome) ? failures + 1 : 0;
      if (failures >= failuresToGiveUp) return this.#giveUp(ordinal + 1);
      pausedFromUs = failures === 0 ? null : exchanged.freeUs;
      dueUs = exchanged.freeUs + (failures === 0 ? 0 : Math.round(pauseMs(failures, retryAfterMs) * 1000));
    }
  }

  async #exchange(stream: LoadStream, request: OutgoingRequest): Promise<Exchanged> {
    const { clock, idle, deadlines, newReader, onFlight } = this.#options;
    const { connection } = stream;
    const exchange = new Exchange({ connection, request, reader: newReader(), clock, idle, deadlines, onFlight });
    this.#inFlight.add(exchange);
    const exchanged = await exchange.done;
    this.#inFlight.delete(exchange);
    return exchanged;
  }

  /** What is still in flight on other streams goes on to its end. */
  #leave(ordinal: number, inCohort: boolean): void {
    const { cohort } = this.#options;
    if (inCohort) cohort.ended();
    cohort.gaveUp(inCohort ? ordinal + 1 : ordinal);
    this.#endIfCohortDone();
  }

  #giveUp(sent: number): void {
    this.#gaveUp += 1;
    this.#options.cohort.gaveUp(sent);
    this.#endIfCohortDone();
  }

  #endIfCohortDone(): void {
    const { clock, cohort } = this.#options;
    if (cohort.isOver(clock.nowUs())) this.#end(cancelled);
  }

  /** The timer of the stop may be late, and a request that becomes due must not slip through before it. */
  #endIfStopped(): void {
    const { clock, schedule } = this.#options;
    if (clock.nowUs() >= schedule.stopsUs) this.#end(cutAtDrain);
  }

  #end(ending: Ending): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    for (const exchange of this.#inFlight) exchange.cut(ending);
  }
}
