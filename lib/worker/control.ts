import { getJson } from '../store/json.ts';
import { controlKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../timing/clock.ts';

/** What `control.json` says: whether a sweep may go on sending. */
export interface Control {
  readonly state: 'run' | 'stop';
}

/** So many polls in a row without an answer, and a worker stops sending: it could no longer be stopped. */
const unreadableToStop = 3;

/** An answer that takes longer is none. */
const answerWithinMs = 5000;

export interface ControlWatch {
  /** Aborted when the sweep was stopped or control could no longer be read. */
  readonly stop: AbortSignal;
  readonly unreadable: boolean;
  close(): void;
}

/** Polls a sweep's control until it says stop, it can't be read, or the watch is closed. */
export function watchControl(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { sweepId, everyMs }: { readonly sweepId: string; readonly everyMs: number },
): ControlWatch {
  const stop = new AbortController();
  const closed = new AbortController();
  let unreadable = false;
  // A store that does not answer at all is unreadable, too, long before it gives up by itself.
  const inTime = async (reading: Promise<Control | null>) => {
    const answered = new AbortController();
    const patience = AbortSignal.any([closed.signal, answered.signal]);
    const late = clock.sleepUntil(clock.nowUs() + answerWithinMs * 1000, patience).then(() => null);
    return Promise.race([reading, late]).finally(() => answered.abort());
  };
  const poll = async () => {
    for (let misses = 0; !closed.signal.aborted && !stop.signal.aborted; ) {
      const control = await inTime(getJson<Control>(store, controlKey(sweepId)).catch(() => null));
      misses = control === null ? misses + 1 : 0;
      unreadable = misses >= unreadableToStop;
      if (closed.signal.aborted) return;
      if (unreadable || control?.state === 'stop') stop.abort();
      else await clock.sleepUntil(clock.nowUs() + everyMs * 1000, closed.signal);
    }
  };
  void poll();
  return {
    stop: stop.signal,
    get unreadable() {
      return unreadable;
    },
    close: () => closed.abort(),
  };
}
