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
  const poll = async () => {
    for (let misses = 0; !closed.signal.aborted && !stop.signal.aborted; ) {
      const control = await getJson<Control>(store, controlKey(sweepId)).catch(() => null);
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
