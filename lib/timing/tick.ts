/** Numbers the turns of the event loop, so that callbacks of one turn can be told from those of the next. */
export interface Tick {
  /** The running turn; it stays the same until the loop has polled again. */
  current(): number;
}

/** A tick that moves on in the check phase after the poll in which it was asked. */
export function eventLoopTick(): Tick {
  let turn = 0;
  let armed = false;
  const advance = () => {
    armed = false;
    turn += 1;
  };
  return {
    current() {
      if (!armed) {
        armed = true;
        setImmediate(advance);
      }
      return turn;
    },
  };
}
