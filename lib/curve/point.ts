import type { Cell, StageKind } from '../plan/stage.ts';
import type { Interval, ValidityState } from '../plan/verdict.ts';
import type { Outcome } from '../timing/outcome.ts';
import type { ReasonName } from './validity.ts';

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
}

/** The course of a stage over the slices of its window. */
export interface Slice {
  readonly outputTokensPerSecond: number | null;
  readonly inFlight: number;
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

/** `undecided`: a figure is missing, or the level is void; never the same as met. */
export type SloVerdict = 'met' | 'missed' | 'undecided';

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

/** One level of load, reduced: `paretoken.point.v1`. Times in milliseconds, rates per second. */
export interface Point {
  readonly schema: 'paretoken.point.v1';
  readonly stage: number;
  /** The stages pooled in this point. */
  readonly stages: readonly number[];
  readonly kind: StageKind;
  readonly level: number;
  readonly cell: Cell;
  readonly loop: 'closed';
  readonly startedAtEpochMs: number;
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
  readonly client: ClientPoint;
  readonly validity: { readonly state: ValidityState; readonly reasons: readonly Reason[] };
  /** Named remarks that do not touch validity. */
  readonly notes: readonly Note[];
}

/**
 * `window_short`: no interval can be given; `parts_unreadable`: stored parts that could not be read; `rows_corrupt`: rows left out because their stamps make no sense; `tokens_per_read`: several tokens came in
 * one read on average, so gaps are between reads.
 */
export interface Note {
  readonly name: 'window_short' | 'parts_unreadable' | 'rows_corrupt' | 'receipts_missing' | 'tokens_per_read';
  readonly count: number | null;
}
