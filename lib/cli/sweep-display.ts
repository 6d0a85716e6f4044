import { createLogUpdate } from 'log-update';
import type { Stage } from '../plan/stage.ts';
import type { Progress } from '../record/progress.ts';
import { getJson } from '../store/json.ts';
import { progressPrefix } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { SweepEvent } from '../sweep/sweep-event.ts';
import type { Clock } from '../timing/clock.ts';
import { eventLine, type StagePlace, stageLine } from './progress-lines.ts';

/** What a run prints while it goes on: progress for people, events for programs, or nothing. */
export type Output = 'progress' | 'json' | 'quiet';

export interface SweepDisplayOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly output: Output;
  readonly sweepId: string;
}

export interface SweepDisplay {
  observe(event: SweepEvent): void;
  /** A sentence for people, whatever is shown. */
  note(text: string): void;
  close(): void;
}

const redrawMs = 250;

/** Shows a sweep as it runs: a living line on a terminal, plain lines elsewhere, JSON a line on demand. */
export function watchSweep({ store, clock, output, sweepId }: SweepDisplayOptions): SweepDisplay {
  const living = output === 'progress' && process.stderr.isTTY === true;
  const update = createLogUpdate(process.stderr);
  const closed = new AbortController();
  let place: StagePlace = { levels: 0, done: 0 };
  let running: Stage | null = null;

  const print = (line: string) => {
    if (living) update.clear();
    process.stderr.write(`${line}\n`);
  };
  const redraw = async () => {
    while (!closed.signal.aborted) {
      await clock.sleepUntil(clock.nowUs() + redrawMs * 1000, closed.signal);
      const stage = running;
      if (stage === null) continue;
      const progress = await readProgress(store, sweepId, stage);
      if (stage === running && !closed.signal.aborted) update(stageLine(stage, place, progress, clock.nowEpochMs()));
    }
  };
  if (living) void redraw();

  return {
    observe(event) {
      if (event.kind === 'planned') place = { levels: event.plan.spec.load.levels.length, done: 0 };
      running = event.kind === 'stage_started' ? event.stage : null;
      if (output === 'json') process.stdout.write(`${JSON.stringify(event)}\n`);
      const line = output === 'progress' ? eventLine(event, place, living) : null;
      if (line !== null) print(line);
      if (event.kind === 'stage_ended') place = { ...place, done: place.done + (event.stage.kind === 'load' ? 1 : 0) };
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

async function readProgress(store: Store, sweepId: string, { stage }: Stage): Promise<Progress[]> {
  const keys = await store.list(progressPrefix(sweepId, stage)).catch(() => []);
  const read = await Promise.all(keys.map((key) => getJson<Progress>(store, key).catch(() => null)));
  return read.filter((progress) => progress !== null);
}
