import type { Auth } from '../spec/auth.ts';
import type { Prices } from '../spec/budget.ts';
import type { Workload } from '../spec/workload.ts';
import type { Allowance } from './allowance.ts';
import type { WordsToTokens } from './probe-finding.ts';
import type { Stage } from './stage.ts';

/** Who is measured, as the plan hands it to workers; a key only by the name under which it is kept. */
export interface PlannedTarget {
  readonly url: string;
  readonly model: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: Auth | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly usageInStream: boolean;
  /** How long the probe waits for an endpoint that is not ready, in milliseconds; null: not at all. */
  readonly readyWithin: number | null;
}

export interface Deadlines {
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

/** How often and how long the machinery around the load waits; short on a laptop and in tests. */
export interface Tempo {
  /** From deciding a stage to its start. */
  readonly leadMs: number;
  /** Sockets are opened this long before the start. */
  readonly connectAheadMs: number;
  readonly progressMs: number;
  readonly controlPollMs: number;
  /** How long receipts are waited for after a stage's stop. */
  readonly graceMs: number;
  /** How often receipts are counted while the window is open, for a stage that ends early. */
  readonly watchMs: number;
  /** How often receipts are counted once the window has closed. */
  readonly collectMs: number;
  /** Records are flushed at the latest after this time. */
  readonly flushMs: number;
}

/** A worker's part of what the budget leaves, and what a request takes of it. */
export interface Funds {
  readonly share: Allowance;
  readonly prices: Prices | null;
}

/** One worker's part of a stage, `paretoken.assignment.v1`. */
export interface Assignment {
  readonly schema: 'paretoken.assignment.v1';
  readonly sweepId: string;
  readonly stage: Stage;
  /** Index of this worker, from 0, of `stage.workers`. */
  readonly worker: number;
  readonly target: PlannedTarget;
  readonly workload: Workload;
  readonly wordsToTokens: WordsToTokens;
  readonly deadlines: Deadlines;
  readonly tempo: Tempo;
  readonly seed: number;
  /** Null: nothing but time is bounded. */
  readonly funds: Funds | null;
}
