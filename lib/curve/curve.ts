import type { Cell } from '../plan/stage.ts';

/** The balanced level: the smallest whose throughput is within the share of the highest. */
export interface Knee {
  readonly level: number | null;
  /** Why there is none, or a doubt about it. */
  readonly reason: 'too_few_levels' | 'still_rising' | null;
  /** The interval of the level below reaches the threshold: that level might be the knee as well. */
  readonly withinNoise: boolean;
}

/** How many parallel requests to send, by what matters; null where no valid level answers. */
export interface Answers {
  /** The level of the lowest p50 latency. */
  readonly lowLatency: number | null;
  /** The knee. */
  readonly balanced: number | null;
  /** The level of the highest output tokens per second. */
  readonly highThroughput: number | null;
  /** Whether there is an SLO that a level can meet. */
  readonly sloGiven: boolean;
  /** The highest valid level that meets the SLO with every valid level below it; null when none does, or without an SLO. */
  readonly highestMet: number | null;
}

/** Whether the first level, run again at the end, came out the same. */
export type Drift = 'none' | 'drifted' | 'not_checked' | 'unknown';

/** What the points of one cell say together. */
export interface Curve {
  readonly cell: Cell;
  readonly knee: Knee;
  readonly answers: Answers;
  readonly drift: Drift;
}
