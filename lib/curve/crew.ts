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
  /** Why sending ended before the window did; null when it did not. */
  readonly interruption: Interruption | null;
  /** What workers said of their own troubles, the same words together, the most frequent first; bounded. */
  readonly words: readonly WorkerWords[];
}

/**
 * Why sending ended early: stopped by the run, every stream gave up, the budget was used up, the run could no longer be
 * asked, or it was itself cut off.
 */
export type Interruption = 'stopped' | 'gave_up' | 'budget' | 'control_unreadable' | 'cut_off';

/** What workers, by their indices, say went wrong with themselves: our own or a system's words, in part foreign. */
export interface WorkerWords {
  readonly words: string;
  readonly workers: readonly number[];
}

const mostWords = 5;
const longestWords = 300;

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
    interruption: interruptionOf(stage, receipts),
    words: wordsOf(receipts),
  };
}

function interruptionOf(stage: Stage, receipts: readonly Receipt[]): Interruption | null {
  if (stage.cutOff) return 'cut_off';
  const sending = receipts.filter(({ state }) => state !== 'late' && state !== 'failed');
  const early = sending.filter((receipt) => endedEarly(stage, receipt));
  const stopped = early.filter(({ state }) => state === 'stopped');
  if (stopped.some(({ controlUnreadable }) => controlUnreadable)) return 'control_unreadable';
  if (stopped.length > 0) return stopped.every(({ ranOutOf }) => ranOutOf === undefined) ? 'stopped' : 'budget';
  const allGaveUp = early.length === sending.length && early.every(({ state }) => state === 'gave_up');
  return early.length > 0 && allGaveUp ? 'gave_up' : null;
}

function wordsOf(receipts: readonly Receipt[]): WorkerWords[] {
  const speaking = receipts.flatMap(({ worker, failure }) =>
    failure === null ? [] : [{ words: withoutOwnFile(failure).slice(0, longestWords), workers: [worker] }],
  );
  return mergeWords(speaking);
}

/** Each worker names files of its own (`w0012-3`): workers with one trouble should say the same. */
function withoutOwnFile(words: string): string {
  return words.replace(/\bw\d{4,}(?:-\d+)?\b/g, 'w…');
}

/** The words of several runs: the same ones together, the most frequent first, no more than a few. */
export function mergeWords(all: readonly WorkerWords[]): WorkerWords[] {
  return Array.from(
    Map.groupBy(all, ({ words }) => words),
    ([words, those]) => ({ words, workers: unionOf(those.map(({ workers }) => workers)) }),
  )
    .toSorted((a, b) => b.workers.length - a.workers.length || (a.words < b.words ? -1 : 1))
    .slice(0, mostWords);
}

/** All workers of several runs, rising. */
export function unionOf(runs: readonly (readonly number[])[]): number[] {
  return [...new Set(runs.flat())].sort((a, b) => a - b);
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
