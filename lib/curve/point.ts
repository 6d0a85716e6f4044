import type { NotebookFigures, PassFigures } from '../plan/notebook.ts';
import type { Pass } from '../plan/pass.ts';
import type { Cell, StageKind } from '../plan/stage.ts';
import type { Interval, SloVerdict, Usage, ValidityState } from '../plan/verdict.ts';
import type { PreciseMetric } from '../spec/load.ts';
import type { Outcome } from '../timing/outcome.ts';
import type { WorkerWords } from './crew.ts';
import type { ReasonCause, ReasonName } from './validity.ts';

export type { SloVerdict, Usage } from '../plan/verdict.ts';

/** A percentile with failures counted as +∞ (0 for rates): `not_reached` when it falls among them. */
export type WithFailures = number | 'not_reached' | null;

/** Distribution of one metric over the cohort's ok answers; null where it has no value or too few samples. */
export interface Distribution {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly mean: number | null;
  /** The largest value; null without samples. */
  readonly max: number | null;
  /** Ok answers for which the metric has a value. */
  readonly samples: number;
  readonly ci: { readonly p50: Interval; readonly p90: Interval; readonly p95: Interval; readonly p99: Interval };
  /** 41 R-7 quantiles at 0, 2.5, …, 100 %; of TTFT, TPOT and latency only, and null below 20 samples. */
  readonly quantiles: readonly number[] | null;
  readonly withFailures: {
    readonly p50: WithFailures;
    readonly p90: WithFailures;
    readonly p95: WithFailures;
    readonly p99: WithFailures;
  };
}

/** Gaps between reads of an answer, from the workers' histograms (relative error at most 1 %). */
export interface GapDistribution {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly mean: number | null;
  readonly samples: number;
}

/** A rate over the window with its 95 % interval within this run. */
export interface Rate {
  readonly value: number | null;
  readonly ci: Interval;
}

/** How the client itself fared in a stage: the worst worker. */
export interface ClientPoint {
  readonly workers: number;
  readonly workersLost: readonly number[];
  readonly workersLate: readonly number[];
  /** What workers said of their own troubles, at most five different things; in part foreign text. */
  readonly workerWords: readonly WorkerWords[];
  readonly eventLoopDelayP99Ms: number | null;
  readonly cpuShare: number | null;
  readonly gcPauseMaxMs: number | null;
  readonly sendLagP99Ms: number | null;
  readonly socketsOpened: number;
  /** Mean in flight ÷ level. */
  readonly loadHeld: number | null;
  /** Share of cohort request-time with the total in flight under 95 % of the level. */
  readonly emptiedShare: number | null;
  readonly pausedShare: number | null;
  /** Σ overlap of the records with the window ÷ the workers' own gauges; 1 when every request left a record. */
  readonly completeness: number | null;
  /** λ·W ÷ L. */
  readonly little: number | null;
  readonly clockStepMs: number | null;
}

export interface Reason {
  readonly name: ReasonName;
  readonly state: Exclude<ValidityState, 'ok'>;
  /** The measured figure that crossed the threshold; null where there is none. */
  readonly measured: number | null;
  readonly limit: number | null;
  /** What it comes from, where that can be told. */
  readonly cause: ReasonCause | null;
}

/** The course of a stage over the slices of its window. */
export interface Slice {
  readonly outputTokensPerSecond: number | null;
  /** Null without a window. */
  readonly inFlight: number | null;
}

/** How many requests kept all bounds of `slo.perRequest`. */
export interface Goodput {
  /** Share of the cohort less `cancelled`; null without any, or when no bound had a metric to be held against. */
  readonly share: number | null;
  /** Such requests that ended in the window, per second. */
  readonly requestsPerSecond: number | null;
  /** Ok requests of the cohort for which a bound was left out, since its metric is null. */
  readonly skipped: number;
}

/** One bound held against a level: milliseconds, or a share. */
export interface SloCheck {
  readonly what:
    | `${'ttft' | 'ttfo' | 'tpot' | 'latency'} ${'p50' | 'p90' | 'p95' | 'p99'}`
    | 'errorRate'
    | 'goodputShare';
  readonly bound: number;
  readonly measured: WithFailures;
  readonly verdict: SloVerdict;
}

/** Whether a level meets the SLO: missed if any bound is, else undecided if any is. */
export interface SloResult {
  readonly verdict: SloVerdict;
  readonly checks: readonly SloCheck[];
}

/**
 * One level of load, reduced: `paretoken.point.v1`. Times in milliseconds, rates per second. A level that was run several
 * times is one point of all its runs that are not void.
 */
export interface Point {
  readonly schema: 'paretoken.point.v1';
  /** The newest of its stages. */
  readonly stage: number;
  /** The stages pooled in this point, rising. */
  readonly stages: readonly number[];
  readonly kind: StageKind;
  readonly level: number;
  readonly cell: Cell;
  /** Of a sweep in the passes of Databricks' notebook; null of any other. A pass that is not streamed is on no curve. */
  readonly pass: Pass | null;
  readonly loop: 'closed';
  /** Of several runs the first. */
  readonly startedAtEpochMs: number;
  /** Of several runs their sum. */
  readonly windowSeconds: number;
  /** The cohort. */
  readonly requests: number;
  readonly ok: number;
  /** Requests of the cohort that did not end ok, by outcome. */
  readonly errors: Readonly<Partial<Record<Outcome, number>>>;
  /** Up to 5 of the endpoint's own messages with their counts; foreign text. */
  readonly messages: readonly { readonly outcome: Outcome; readonly message: string; readonly count: number }[];
  readonly errorShare: number | null;
  readonly ttftMs: Distribution;
  readonly ttfoMs: Distribution;
  readonly tpotMs: Distribution;
  readonly latencyMs: Distribution;
  readonly latencyFromDueMs: Distribution;
  readonly tokensPerSecondPerUser: Distribution;
  readonly interChunkMs: GapDistribution;
  readonly outputTokensPerSecond: Rate;
  readonly totalTokensPerSecond: Rate;
  readonly requestsPerSecond: Rate;
  /** Requests whose tokens are unknown make throughput a lower bound. */
  readonly throughputIsLowerBound: boolean;
  /** Mean tokens of the cohort's ok answers, by the server's count. */
  readonly meanInputTokens: number | null;
  readonly meanOutputTokens: number | null;
  /** Null without bounds on single requests. */
  readonly goodput: Goodput | null;
  /** Null without bounds on a level. */
  readonly slo: SloResult | null;
  readonly slices: readonly Slice[];
  /** Of all requests of its stages, warm-up and what came after the window included; null of points older than the count. */
  readonly usage: Usage | null;
  readonly client: ClientPoint;
  /** What this pass came to; null of a stage that is streamed. */
  readonly notebookPass: PassFigures | null;
  /** The notebook's figures of the level, from all of its passes; null without them, and as long as points are kept apart. */
  readonly notebook: NotebookFigures | null;
  readonly validity: { readonly state: ValidityState; readonly reasons: readonly Reason[] };
  /** Named remarks that do not touch validity. */
  readonly notes: readonly Note[];
}

/**
 * `window_short`: no interval can be given; `parts_unreadable`: stored parts that could not be read; `rows_corrupt`: rows left out because their stamps make no sense; `tokens_per_read`: several tokens came in
 * one read on average, so gaps are between reads; `…_imprecise`: p95 is not known as precisely as was asked for, the count
 * being its relative margin, null where that is not known either.
 */
export interface Note {
  readonly name:
    | 'window_short'
    | 'parts_unreadable'
    | 'rows_corrupt'
    | 'receipts_missing'
    | 'tokens_per_read'
    | `${PreciseMetric}_imprecise`;
  readonly count: number | null;
}
