import type { Stage } from '../plan/stage.ts';
import type { Receipt } from '../record/receipt.ts';
import type { Crew } from './crew.ts';
import { emptiedShare, type InFlight, littleRatio } from './in-flight.ts';
import type { MeasuredColumns } from './measured.ts';
import type { ClientPoint } from './point.ts';
import { quantileSorted, sortedNumbers } from './quantile.ts';
import { isWithin, type Window } from './window.ts';

export interface ClientInput {
  readonly stage: Stage;
  readonly window: Window;
  readonly columns: MeasuredColumns;
  readonly receipts: readonly Receipt[];
  readonly crew: Crew;
  readonly inFlight: InFlight;
}

/** How the client fared: of its workers the worst. */
export function clientOf({ stage, window, columns, receipts, crew, inFlight }: ClientInput): ClientPoint {
  return {
    workers: stage.workers,
    workersLost: crew.lost,
    workersLate: crew.late,
    eventLoopDelayP99Ms: worst(receipts, ({ health }) => health.eventLoopDelayMs?.p99),
    cpuShare: worst(receipts, ({ health }) => health.cpuShare),
    gcPauseMaxMs: worst(receipts, ({ health }) => health.gcPauseMs?.max),
    sendLagP99Ms: sendLagP99(columns, window),
    socketsOpened: receipts.reduce((sum, { socketsOpened }) => sum + socketsOpened, 0),
    loadHeld: window.seconds > 0 ? inFlight.mean / stage.level : null,
    emptiedShare: emptiedShare(columns, stage.level),
    pausedShare: pausedShare(receipts, window),
    completeness: inFlight.completeness,
    little: littleRatio(columns, window, inFlight.mean),
    clockStepMs: worst(receipts, clockStepMs),
  };
}

function worst(receipts: readonly Receipt[], figureOf: (receipt: Receipt) => number | null | undefined): number | null {
  return receipts.reduce<number | null>((most, receipt) => {
    const figure = figureOf(receipt) ?? null;
    return figure === null || (most !== null && most >= figure) ? most : figure;
  }, null);
}

/** Of all requests that were due or sent in the window; a check, so shown whatever the size of the sample. */
function sendLagP99({ dueUs, sentUs, sendLagMs }: MeasuredColumns, window: Window): number | null {
  const inWindow = sendLagMs.filter(
    (_, row) => isWithin(window, dueUs[row] ?? Number.NaN) || isWithin(window, sentUs[row] ?? Number.NaN),
  );
  return quantileSorted(sortedNumbers(inWindow), 0.99);
}

/** Pauses ÷ the time of all streams in the window. */
function pausedShare(receipts: readonly Receipt[], window: Window): number | null {
  const streamSeconds = receipts.reduce((sum, { streams }) => sum + streams, 0) * window.seconds;
  return streamSeconds > 0 ? receipts.reduce((sum, { pausedSeconds }) => sum + pausedSeconds, 0) / streamSeconds : null;
}

/** How much further the wall clock went than the monotonic one, either way. */
function clockStepMs({ anchors }: Receipt): number {
  const wallMs = anchors.endEpochMs - anchors.startEpochMs;
  return Math.abs(wallMs - (anchors.endMonotonicUs - anchors.startMonotonicUs) / 1000);
}
