import type { Exchanged } from '../load/exchange.ts';
import type { Clock } from '../timing/clock.ts';

/** An endpoint that answers that it is not ready; monotonic microseconds. */
export interface NotReady {
  readonly sinceUs: number;
  readonly untilUs: number;
}

/** The first wait, doubling to the longest; an endpoint that says how long is asked again then. */
const firstWaitMs = 2000;
const longestWaitMs = 15_000;
const notReadyStatus = 503;

export interface NotReadyOptions {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** An endpoint that is not ready is asked again until then, in monotonic microseconds; null: it is not waited for. */
  readonly readyUntilUs: number | null;
  /** Told when the endpoint is found not ready, before each wait. */
  onNotReady?(waiting: NotReady): void;
}

/** Waits, within its bound, after an answer that says that the endpoint is not ready: then it is worth asking again. */
export function waitWhileNotReady({ readyUntilUs, clock, stop, onNotReady }: NotReadyOptions) {
  let sinceUs: number | null = null;
  let readyUs: number | null = null;
  let waits = 0;
  return {
    /** From the first answer that said so to the first other one, or the last; null: it was ready. */
    ms: () => (sinceUs === null ? null : Math.round(((readyUs ?? clock.nowUs()) - sinceUs) / 1000)),
    async wait(exchanged: Exchanged | undefined): Promise<boolean> {
      if (exchanged?.answer.httpStatus !== notReadyStatus || stop.aborted) {
        if (sinceUs !== null) readyUs ??= exchanged?.sentUs ?? null;
        return false;
      }
      const nowUs = clock.nowUs();
      const askedMs = exchanged.answer.retryAfterMs ?? Math.min(firstWaitMs * 2 ** waits, longestWaitMs);
      const againUs = nowUs + Math.min(Math.max(askedMs, firstWaitMs), longestWaitMs) * 1000;
      if (readyUntilUs === null || againUs > readyUntilUs) return false;
      waits += 1;
      sinceUs ??= nowUs;
      onNotReady?.({ sinceUs, untilUs: readyUntilUs });
      await clock.sleepUntil(againUs, stop);
      return !stop.aborted;
    },
  };
}
