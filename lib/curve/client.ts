import { mergeWords, unionOf } from './crew.ts';
import { completenessOf } from './in-flight.ts';
import type { ClientPoint } from './point.ts';
import { quantileSorted } from './quantile.ts';
import { ratioOver } from './ratio.ts';
import type { Run } from './run.ts';
import { isWithin } from './window.ts';

/** How the client fared: of its workers the worst, over all runs. */
export function clientOf(runs: readonly Run[]): ClientPoint {
  const receipts = runs.flatMap((run) => run.receipts);
  return {
    workers: Math.max(...runs.map(({ stage }) => stage.workers)),
    workersLost: unionOf(runs.map(({ crew }) => crew.lost)),
    workersLate: unionOf(runs.map(({ crew }) => crew.late)),
    workerWords: mergeWords(runs.flatMap(({ crew }) => crew.words)),
    eventLoopDelayP99Ms: worst(receipts, ({ health }) => health.eventLoopDelayMs?.p99),
    cpuShare: worst(receipts, ({ health }) => health.cpuShare),
    gcPauseMaxMs: worst(receipts, ({ health }) => health.gcPauseMs?.max),
    sendLagP99Ms: sendLagP99(runs),
    socketsOpened: receipts.reduce((sum, { socketsOpened }) => sum + socketsOpened, 0),
    loadHeld: ratioOver(runs, ({ inFlight, stage, window }) => [inFlight.seconds, stage.level * window.seconds]),
    emptiedShare: ratioOver(runs, ({ cohortTime }) => [cohortTime.emptiedUs, cohortTime.wholeUs]),
    pausedShare: pausedShare(runs),
    completeness: completenessOf(runs.map(({ inFlight }) => inFlight)),
    little: little(runs),
    clockStepMs: worst(receipts, clockStepMs),
  };
}

type Receipt = Run['receipts'][number];

function worst(receipts: readonly Receipt[], figureOf: (receipt: Receipt) => number | null | undefined): number | null {
  return receipts.reduce<number | null>((most, receipt) => {
    const figure = figureOf(receipt) ?? null;
    return figure === null || (most !== null && most >= figure) ? most : figure;
  }, null);
}

/** From so many requests on a p99 is not their slowest alone. */
const requestsForWorker = 100;

/**
 * Of all requests that were due or sent in the window; also of each worker's own, where it has enough of them: one sick
 * worker among many must not be lost among them. The worst counts. A check, so shown whatever the size of the sample.
 */
function sendLagP99(runs: readonly Run[]): number | null {
  const all: number[] = [];
  const workers: (readonly number[])[] = [];
  for (const { columns, window } of runs) {
    const byWorker = new Map<number, number[]>();
    for (let row = 0; row < columns.rows; row++) {
      const lagMs = columns.sendLagMs[row] ?? Number.NaN;
      if (Number.isNaN(lagMs)) continue;
      if (!isWithin(window, columns.dueUs[row] ?? Number.NaN) && !isWithin(window, columns.sentUs[row] ?? Number.NaN))
        continue;
      const worker = columns.worker[row] ?? 0;
      const own = byWorker.get(worker) ?? [];
      byWorker.set(worker, own);
      own.push(lagMs);
      all.push(lagMs);
    }
    workers.push(...[...byWorker.values()].filter(({ length }) => length >= requestsForWorker));
  }
  const p99s = [all, ...workers].map((lags) => quantileSorted(Float64Array.from(lags).sort(), 0.99));
  return p99s.reduce((most, p99) => (most === null || (p99 !== null && p99 > most) ? p99 : most), null);
}

/** Pauses ÷ the time of all streams in the window. */
function pausedShare(runs: readonly Run[]): number | null {
  return ratioOver(runs, ({ receipts, window }) => [
    receipts.reduce((sum, { pausedSeconds }) => sum + pausedSeconds, 0),
    receipts.reduce((sum, { streams }) => sum + streams, 0) * window.seconds,
  ]);
}

/** λ·W ÷ L; null when nothing settled. */
function little(runs: readonly Run[]): number | null {
  const ratio = ratioOver(runs, ({ settledSeconds, inFlight }) => [settledSeconds, inFlight.seconds]);
  return ratio === 0 ? null : ratio;
}

/** How much further the wall clock went than the monotonic one, either way. */
function clockStepMs({ anchors }: Receipt): number {
  const wallMs = anchors.endEpochMs - anchors.startEpochMs;
  return Math.abs(wallMs - (anchors.endMonotonicUs - anchors.startMonotonicUs) / 1000);
}
