import { shareOf } from '../plan/share.ts';
import type { Stage } from '../plan/stage.ts';
import type { Receipt } from '../record/receipt.ts';

/** What became of the workers of a stage. */
export interface Crew {
  /** Workers that left no receipt, or failed by our own fault. */
  readonly lost: readonly number[];
  /** Workers that were not ready at the start. */
  readonly late: readonly number[];
  /** Workers without a receipt. */
  readonly silent: number;
  /** Streams of workers that were lost or came after the warm-up. */
  readonly streamsMissing: number;
  /** Sending ended before the window did: by the run, or because every stream gave up. */
  readonly interrupted: boolean;
}

export function crewOf(stage: Stage, receipts: readonly Receipt[]): Crew {
  const byWorker = new Map(receipts.map((receipt) => [receipt.worker, receipt]));
  const workers = Array.from({ length: stage.workers }, (_, worker) => worker);
  const lost = workers.filter((worker) => (byWorker.get(worker)?.state ?? 'failed') === 'failed');
  const tooLate = workers.filter((worker) => byWorker.get(worker)?.state === 'late');
  const missing = [...lost, ...tooLate].map((worker) => shareOf(stage.level, worker, stage.workers).count);
  return {
    lost,
    late: workers.filter((worker) => tooLate.includes(worker) || (byWorker.get(worker)?.lateMs ?? 0) > 0),
    silent: workers.filter((worker) => !byWorker.has(worker)).length,
    streamsMissing: missing.reduce((sum, streams) => sum + streams, 0),
    interrupted: wasInterrupted(stage, receipts),
  };
}

function wasInterrupted(stage: Stage, receipts: readonly Receipt[]): boolean {
  const sending = receipts.filter(({ state }) => state !== 'late' && state !== 'failed');
  const early = sending.filter((receipt) => endedEarly(stage, receipt));
  const allGaveUp = early.length === sending.length && early.every(({ state }) => state === 'gave_up');
  return early.some(({ state }) => state === 'stopped') || (early.length > 0 && allGaveUp);
}

/** Before the window did; a counted stage ends when it has counted, or is stopped. */
function endedEarly(stage: Stage, receipt: Receipt): boolean {
  if (stage.windowMs === null) return receipt.state !== 'done';
  return endedMs(stage, receipt) < stage.warmUpMs + stage.windowMs;
}

/** When a worker ended, since the stage's start, by its own monotonic clock. */
function endedMs({ startsAtEpochMs }: Stage, { anchors }: Receipt): number {
  return anchors.startEpochMs - startsAtEpochMs + (anchors.endMonotonicUs - anchors.startMonotonicUs) / 1000;
}
