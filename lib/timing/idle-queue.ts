import type { Clock } from './clock.ts';

/** Work that can wait until the callbacks of this turn of the event loop have taken their stamps. */
export interface IdleQueue {
  push(job: () => void): void;
}

/** A pass ends after this long, so that the sockets are looked at again; what is left goes to the next turn. */
const passUs = 500;

/**
 * Runs jobs in order in the check phase of the event loop, for about half a millisecond a turn; at least a quarter of
 * what waits, so that a flood can't pile up work without bound.
 */
export function idleQueue(clock: Pick<Clock, 'nowUs'>): IdleQueue {
  let waiting: (() => void)[] = [];
  let next = 0;
  let armed = false;
  const pass = () => {
    armed = false;
    const untilUs = clock.nowUs() + passUs;
    const least = next + Math.ceil((waiting.length - next) / 4);
    while (next < waiting.length && (next < least || clock.nowUs() < untilUs)) {
      const job = waiting[next];
      next += 1;
      job?.();
    }
    if (next >= waiting.length) {
      waiting = [];
      next = 0;
    } else arm();
  };
  const arm = () => {
    if (armed) return;
    armed = true;
    setImmediate(pass);
  };
  return {
    push(job) {
      waiting.push(job);
      arm();
    },
  };
}
