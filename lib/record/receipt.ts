import type { BudgetName } from '../plan/allowance.ts';
import type { Machine } from '../plan/machine.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import type { Outcome } from '../timing/outcome.ts';
import type { GapHistogram } from './gap-histogram.ts';

/**
 * How a worker's part of a stage ended: `done`; `late` (it came after the warm-up and sent nothing); `stopped` (by
 * the run, or for its share of the budget was gone); `gave_up` (all its streams did); `failed` (our own fault, named in `failure`).
 */
export type ReceiptState = 'done' | 'late' | 'stopped' | 'gave_up' | 'failed';

/** Quantiles of a measured quantity of the client itself. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What a worker says about itself over the measured time; null where it could not be measured. */
export interface ClientHealth {
  /** Delay of the stamping thread's event loop in milliseconds, the monitor's resolution taken off. */
  readonly eventLoopDelayMs: Spread | null;
  /** CPU time of the measuring thread ÷ wall time. */
  readonly cpuShare: number | null;
  readonly gcPauseMs: { readonly total: number; readonly max: number } | null;
}

/** A worker's last word on a stage, `paretoken.receipt.v1`, written after everything else. */
export interface Receipt {
  readonly schema: 'paretoken.receipt.v1';
  readonly sweepId: string;
  readonly stage: number;
  readonly worker: number;
  readonly nonce: string;
  readonly state: ReceiptState;
  readonly failure: string | null;
  /** The budget of which its share was gone, so that it sent nothing more; not there when none was. */
  readonly ranOutOf?: BudgetName;
  /** Streams that this worker was to keep loaded. */
  readonly streams: number;
  /** How long after the stage's start the worker was ready; 0 when in time. */
  readonly lateMs: number;
  /** All requests that touched the stage, by outcome. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly requests: number;
  readonly cohort: number;
  readonly records: { readonly parts: number; readonly rows: number; readonly lost: number };
  /**
   * The window of a counted stage, in microseconds since its start: from the last stream's first measured send to the
   * first stream's last measured end. Null of a timed stage, and where it would be empty.
   */
  readonly window: { readonly startUs: number; readonly endUs: number } | null;
  /** ∫ in flight dt over the window in seconds, by the worker's own gauge. */
  readonly inFlightSeconds: number;
  /** The same by equal slices of the window. */
  readonly inFlightSecondsBySlice: readonly number[];
  /** Stream time of the window spent pausing after failures, in seconds. */
  readonly pausedSeconds: number;
  readonly streamsGaveUp: number;
  readonly socketsOpened: number;
  readonly controlUnreadable: boolean;
  /** Gaps between token reads of the cohort's ok answers. */
  readonly interChunk: GapHistogram;
  readonly health: ClientHealth;
  /** Wall against monotonic clock at the start and at the end of the worker. */
  readonly anchors: {
    readonly startEpochMs: number;
    readonly startMonotonicUs: number;
    readonly endEpochMs: number;
    readonly endMonotonicUs: number;
  };
  readonly machine: Machine;
  /** Only of stage 0. */
  readonly probe: ProbeFinding | null;
}
