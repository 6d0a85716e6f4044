import { createLogUpdate } from 'log-update';
import type { Stage } from '../plan/stage.ts';
import type { Store } from '../store/store.ts';
import type { SweepEvent } from '../sweep/sweep-event.ts';
import type { Clock } from '../timing/clock.ts';
import { estimateLine, estimator } from './estimates.ts';
import { eventLine, placeIn, type StagePlace, stageLine } from './progress-lines.ts';
import { progressReader } from './progress-reader.ts';

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

/** Shows a sweep as it runs: a living line on a terminal, plain lines elsewhere, JSON a line on demand. */
export function watchSweep(options: SweepDisplayOptions): SweepDisplay {
  const { store, clock, output, sweepId, readEveryMs = redrawMs } = options;
  const living = output === 'progress' && process.stderr.isTTY === true;
  const update = createLogUpdate(process.stderr);
  const closed = new AbortController();
  let place: StagePlace = { levels: 0, done: 0 };
  let running: Stage | null = null;
  const estimateAfter = estimator();
  const readProgress = progressReader({ store, clock, sweepId, everyMs: readEveryMs });

  const print = (line: string) => {
    if (living) update.clear();
    process.stderr.write(`${line}\n`);
  };
  const redraw = async () => {
    while (!closed.signal.aborted) {
      await clock.sleepUntil(clock.nowUs() + redrawMs * 1000, closed.signal);
      const stage = running;
      if (stage === null) continue;
      const progress = await readProgress(stage);
      if (stage === running && !closed.signal.aborted) update(stageLine(stage, place, progress, clock.nowEpochMs()));
    }
  };
  if (living) void redraw();

  return {
    observe(event) {
      if (event.kind === 'planned') place = placeIn(event.plan);
      running = event.kind === 'stage_started' ? event.stage : null;
      if (output === 'json') process.stdout.write(`${JSON.stringify(event)}\n`);
      const line = output === 'progress' ? eventLine(event, place, living) : null;
      if (line !== null) print(line);
      const estimated = output === 'quiet' ? null : estimateAfter(event);
      if (estimated !== null && output === 'json') process.stdout.write(`${JSON.stringify(estimated)}\n`);
      else if (estimated !== null) print(estimateLine(estimated));
      if (event.kind !== 'stage_ended' || event.stage.cutOff) return;
      place = { ...place, done: place.done + (event.stage.kind === 'load' ? 1 : 0) };
    },
    note(text) {
      print(text);
    },
    close() {
      if (closed.signal.aborted) return;
      closed.abort();
      running = null;
      if (living) update.clear();
      update.done();
    },
  };
}
