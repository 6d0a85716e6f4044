import { type Clock, type ClockAnchor, monotonicAt } from '../timing/clock.ts';

/** The receipt is to be written this long before the platform ends the worker. */
const receiptAheadMs = 10_000;
/** Before that: to cut what is in flight and to store the last records. */
const storeMs = 5000;

/** What a worker has to be done by. */
export interface TimeLimit {
  /** Aborted when nothing may be sent any more. */
  readonly stop: AbortSignal;
  /** Answers as the work does, or null when it is not done by the time at which the receipt must be written. */
  inTime<T>(work: Promise<T>): Promise<T | null>;
  close(): void;
}

/** What stands in a receipt when the limit was met. */
export const timeLimitFailure = `the platform's time limit for a worker was near: sending ended ${(receiptAheadMs + storeMs) / 1000} s before it; shorten stage.measure, or raise the worker's timeout of the stack`;

export const notStoredFailure =
  "records could not be stored before the platform's time limit; parts that were stored before are there";

/** @param endsBy when the platform ends this worker, in milliseconds since the epoch; null: never */
export function timeLimit(clock: Clock, anchor: ClockAnchor, endsBy: number | null): TimeLimit {
  const stop = new AbortController();
  const closed = new AbortController();
  if (endsBy === null) return { stop: stop.signal, inTime: (work) => work, close: () => undefined };
  const storedByUs = monotonicAt(anchor, endsBy - receiptAheadMs);
  const cancel = clock.callAt(storedByUs - storeMs * 1000, () => stop.abort());
  return {
    stop: stop.signal,
    inTime: (work) => Promise.race([work, clock.sleepUntil(storedByUs, closed.signal).then(() => null)]),
    close() {
      cancel();
      closed.abort();
    },
  };
}
