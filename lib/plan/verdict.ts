import type { PreciseMetric } from '../spec/load.ts';
import type { BudgetName } from './allowance.ts';
import type { PassFigures } from './notebook.ts';
import type { Pass } from './pass.ts';
import type { ProbeFinding } from './probe-finding.ts';
import type { Cell, StageKind } from './stage.ts';

/** How far a stage's numbers can be believed. A void point is drawn but never an answer. */
export type ValidityState = 'ok' | 'suspect' | 'void';

/** An interval; a null end is unbounded or unknown. */
export type Interval = readonly [number | null, number | null];

/** How a level stands to the SLO. `undecided`: a figure is missing, or the level is void; never the same as met. */
export type SloVerdict = 'met' | 'missed' | 'undecided';

/** What requests used, by the endpoint's own counts. */
export interface Usage {
  /** Requests that were sent. */
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Those for which the endpoint gave no, or no whole, count: refused, cut or cancelled ones, or all. */
  readonly requestsWithoutUsage: number;
}

/** What the choice of the next stage needs to know of a finished one, `paretoken.verdict.v1`. */
export interface Verdict {
  readonly schema: 'paretoken.verdict.v1';
  readonly stage: number;
  readonly kind: StageKind;
  readonly level: number;
  readonly cell: Cell;
  readonly pass: Pass | null;
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
  /** Of the level over all its runs: half of the 95 % interval of each p95 ÷ that p95; null where either is not known. */
  readonly p95Margins: Readonly<Record<PreciseMetric, number | null>>;
  readonly outputTokensPerSecond: number | null;
  readonly outputTokensPerSecondCi: Interval;
  /** Of the level over all its runs; null without bounds that a level can miss. */
  readonly slo: SloVerdict | null;
  /** A bound lies within the interval of its figure: chance may have turned `slo`. */
  readonly sloWithinNoise: boolean;
  /** What all requests of this stage used, in whichever phase; null where it is not known. */
  readonly usage: Usage | null;
  /** From the stage's start until it was reduced; null where nobody timed it. */
  readonly tookMs: number | null;
  /** The budget of which a worker's share ran out, so that it sent nothing more; null when none did. */
  readonly ranOutOf: BudgetName | null;
  /** Only of a pass that is not streamed. */
  readonly notebookPass: PassFigures | null;
  /** Only of stage 0. */
  readonly probe: ProbeFinding | null;
}
