/** Numbers the reads of sockets, so that callbacks of one read can be told from those of the next. */
export interface Tick {
  /** The running read; it stays the same until the callback that delivers it has returned to the event loop. */
  current(): number;
}

/**
 * A tick that moves on as soon as the running callback's microtasks are served. Not once a turn of the event loop: in
 * a turn that lasts, one socket is read several times, and a later read under an earlier read's stamp would have
 * arrived before it was sent.
 */
export function readTick(): Tick {
  let read = 0;
  let armed = false;
  const advance = () => {
    armed = false;
    read += 1;
  };
  return {
    current() {
      if (!armed) {
        armed = true;
        queueMicrotask(advance);
      }
      return read;
    },
  };
}
