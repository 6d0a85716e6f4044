import type { Assignment } from '../plan/assignment.ts';
import type { Progress } from '../record/progress.ts';
import type { RequestRecord } from '../record/request-record.ts';
import { progressKey } from '../store/key-layout.ts';
import { metricsOf } from '../timing/metrics.ts';
import type { WorkerPorts } from './ports.ts';

/** Workers above this index stay silent: a large fleet needs no more to be watched. */
const reportingWorkers = 16;

export interface ProgressReporter {
  add(record: RequestRecord): void;
  /** The endpoint was found not ready; monotonic microseconds. */
  notReady(waiting: { readonly sinceUs: number; readonly untilUs: number }): void;
  close(): void;
}

/** Stores a running account every so often. A progress that can't be stored is left out: the next will tell. */
export function reportProgress(
  { store, clock }: Pick<WorkerPorts, 'store' | 'clock'>,
  { sweepId, stage, worker, tempo }: Assignment,
  inFlight: () => number,
): ProgressReporter {
  if (worker >= reportingWorkers) return { add: () => undefined, notReady: () => undefined, close: () => undefined };
  const closed = new AbortController();
  let ok = 0;
  let failed = 0;
  let recent: RequestRecord[] = [];
  let waiting: Progress['notReady'];
  const report = async () => {
    for (let sinceUs = clock.nowUs(); ; sinceUs = clock.nowUs()) {
      await clock.sleepUntil(sinceUs + tempo.progressMs * 1000, closed.signal);
      if (closed.signal.aborted) return;
      const finished = recent;
      recent = [];
      const progress: Progress = {
        schema: 'paretoken.progress.v1',
        worker,
        atEpochMs: clock.nowEpochMs(),
        inFlight: inFlight(),
        ok,
        failed,
        outputTokensPerSecond: tokensPerSecond(finished, (clock.nowUs() - sinceUs) / 1e6),
        ttftP50Ms: medianTtftMs(finished),
        ...(waiting && { notReady: waiting }),
      };
      await store.put(progressKey(sweepId, stage.stage, worker), JSON.stringify(progress)).catch(() => undefined);
    }
  };
  void report();
  return {
    add(record) {
      if (record.httpStatus !== 503) waiting = undefined;
      if (record.outcome === 'ok') ok += 1;
      else if (record.outcome !== 'cancelled') failed += 1;
      recent.push(record);
    },
    notReady({ sinceUs, untilUs }) {
      const epochMs = (us: number) => Math.round(clock.nowEpochMs() + (us - clock.nowUs()) / 1000);
      waiting = { sinceEpochMs: epochMs(sinceUs), untilEpochMs: epochMs(untilUs) };
    },
    close: () => closed.abort(),
  };
}

function tokensPerSecond(records: readonly RequestRecord[], seconds: number): number | null {
  const counted = records.flatMap(({ streamedTokens }) => streamedTokens ?? []);
  return counted.length === 0 ? null : counted.reduce((sum, tokens) => sum + tokens, 0) / seconds;
}

function medianTtftMs(records: readonly RequestRecord[]): number | null {
  const sorted = records.flatMap((record) => metricsOf(record).ttftMs ?? []).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
