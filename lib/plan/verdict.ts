import type { ProbeFinding } from './probe-finding.ts';

/** How far a stage's numbers can be believed. A void point is drawn but never an answer. */
export type ValidityState = 'ok' | 'suspect' | 'void';

/** An interval; a null end is unbounded or unknown. */
export type Interval = readonly [number | null, number | null];

/** What the choice of the next stage needs to know of a finished one, `paretoken.verdict.v1`. */
export interface Verdict {
  readonly schema: 'paretoken.verdict.v1';
  readonly stage: number;
  readonly level: number;
  readonly state: ValidityState;
  /** Names of the validity reasons. */
  readonly reasons: readonly string[];
  readonly requests: number;
  /** Share of the cohort less `cancelled` that failed; null without a cohort. */
  readonly errorShare: number | null;
  readonly p50LatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  /** The slowest ok answer: what can be expected where there are too few for p95. */
  readonly maxLatencyMs: number | null;
  readonly p50LatencyCi: Interval;
  readonly outputTokensPerSecond: number | null;
  readonly outputTokensPerSecondCi: Interval;
  /** Only of stage 0. */
  readonly probe: ProbeFinding | null;
}
