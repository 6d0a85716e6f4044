import { createLogUpdate } from 'log-update';
import { wrappedLines } from '../../report/wrap.ts';
import type { Store } from '../../store/store.ts';
import type { SweepEvent } from '../../sweep/sweep-event.ts';
import type { Clock } from '../../timing/clock.ts';
import { estimateLine, estimator } from './estimates.ts';
import { isLiving } from './living.ts';
import { eventLine } from './progress-lines.ts';
import { progressReader } from './progress-reader.ts';
import { afterEvent, boardLines, nothingYet } from './sweep-so-far.ts';

/** What a run prints while it goes on: progress for people, events for programs, or nothing. */
export type Output = 'progress' | 'json' | 'quiet';

export interface SweepDisplayOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly output: Output;
  readonly sweepId: string;
  /** Between two looks at the workers' progress. @default 250 */
  readonly readEveryMs?: number;
}

export interface SweepDisplay {
  observe(event: SweepEvent): void;
  /** A sentence for people, whatever is shown. */
  note(text: string): void;
  close(): void;
}

const redrawMs = 250;

/** Shows a sweep as it runs: living lines on a terminal, plain lines elsewhere, JSON a line on demand. */
export function watchSweep(options: SweepDisplayOptions): SweepDisplay {
  const { store, clock, output, sweepId, readEveryMs = redrawMs } = options;
  const living = output === 'progress' && isLiving(process.stderr);
  const update = createLogUpdate(process.stderr);
  const closed = new AbortController();
  let sweep = nothingYet;
  const estimateAfter = estimator();
  const readProgress = progressReader({ store, clock, sweepId, everyMs: readEveryMs });

  const print = (line: string) => {
    if (living) update.clear();
    process.stderr.write(`${line}\n`);
  };
  const printWrapped = (text: string) => print(living ? wrappedLines(text, process.stderr.columns ?? 80) : text);
  const redraw = async () => {
    while (!closed.signal.aborted) {
      await clock.sleepUntil(clock.nowUs() + redrawMs * 1000, closed.signal);
      const stage = sweep.running;
      if (stage === null) continue;
      const progress = await readProgress(stage);
      if (stage !== sweep.running || closed.signal.aborted) continue;
      const { columns = 80 } = process.stderr;
      update(boardLines(sweep, { progress, nowEpochMs: clock.nowEpochMs(), columns }).join('\n'));
    }
  };
  if (living) void redraw();

  return {
    observe(event) {
      // The line of a stage that ends tells its place among those to be run, not yet among those done.
      const before = sweep;
      sweep = afterEvent(sweep, event);
      const { place } = event.kind === 'stage_ended' ? before : sweep;
      if (output === 'json') process.stdout.write(`${JSON.stringify(event)}\n`);
      const line = output === 'progress' ? eventLine(event, place, living) : null;
      if (line !== null) printWrapped(line);
      const estimated = output === 'quiet' ? null : estimateAfter(event);
      if (estimated !== null && output === 'json') process.stdout.write(`${JSON.stringify(estimated)}\n`);
      else if (estimated !== null) printWrapped(estimateLine(estimated));
    },
    // As it is: a command in it must be copied whole.
    note(text) {
      print(text);
    },
    close() {
      if (closed.signal.aborted) return;
      closed.abort();
      if (living) update.clear();
      update.done();
    },
  };
}
