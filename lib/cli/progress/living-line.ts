import { createLogUpdate } from 'log-update';
import type { Clock } from '../../timing/clock.ts';
import { isLiving } from './living.ts';

/** A line on stderr that shows how things stand while they last. */
export interface LivingLine {
  /** Takes the line away. */
  close(): void;
}

const redrawMs = 250;

/** Shows `text()` on a terminal, drawn anew four times a second; elsewhere nothing. */
export function livingLine(clock: Clock, text: () => string): LivingLine {
  if (!isLiving(process.stderr)) return { close: () => undefined };
  const update = createLogUpdate(process.stderr);
  const closed = new AbortController();
  const redraw = async () => {
    while (!closed.signal.aborted) {
      await clock.sleepUntil(clock.nowUs() + redrawMs * 1000, closed.signal);
      if (!closed.signal.aborted) update(text());
    }
  };
  void redraw();
  return {
    close() {
      if (closed.signal.aborted) return;
      closed.abort();
      update.clear();
      update.done();
    },
  };
}
