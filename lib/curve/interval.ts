import type { Interval } from '../plan/verdict.ts';
import { quantileRanks } from './binomial.ts';
import { integratedAutocorrelation } from './effective-sample.ts';
import { studentT } from './student-t.ts';

/** Share of intervals, over many runs, that hold the true value. */
const confidence = 0.95;

export const noInterval: Interval = [null, null];

/**
 * Equal batches of a window in which figures count as independent: 20 when the window is at least 20 latencies long,
 * 10 from 10 latencies on, else none.
 */
export function batchesIn(windowMs: number, p50LatencyMs: number): 20 | 10 | null {
  const latencies = windowMs / p50LatencyMs;
  if (latencies >= 20) return 20;
  return latencies >= 10 ? 10 : null;
}

/** Neighbouring slices put together until `batches` are left; a slice's value is its part of a sum. */
export function mergedSlices(slices: readonly number[], batches: number): number[] {
  const size = slices.length / batches;
  return Array.from({ length: batches }, (_, batch) =>
    slices.slice(batch * size, (batch + 1) * size).reduce((sum, part) => sum + part, 0),
  );
}

/** A part of a window over which an amount came. */
export interface Batch {
  readonly amount: number;
  readonly seconds: number;
}

/**
 * 95 % t interval of Σ amount ÷ Σ seconds over independent batches, no lower than 0; unknown with fewer than two. Of batches
 * of one length it is that of the mean of their rates; else the variance is that of a ratio (Cochran, 1977, 2.11).
 */
export function rateInterval(batches: readonly Batch[]): Interval {
  const b = batches.length;
  if (b < 2) return noInterval;
  const seconds = batches.reduce((sum, batch) => sum + batch.seconds, 0);
  const rate = batches.reduce((sum, { amount }) => sum + amount, 0) / seconds;
  const squares = batches.reduce((sum, batch) => sum + (batch.amount - rate * batch.seconds) ** 2, 0);
  const reach = (studentT(confidence, b - 1) * Math.sqrt((squares * b) / (b - 1))) / seconds;
  return [Math.max(0, rate - reach), rate + reach];
}

export interface Sample {
  /** The values in the order in which their requests were due, run by run. */
  readonly runs: readonly Float64Array[];
  /** Those of all runs, rising. */
  readonly sorted: Float64Array;
}

/**
 * 95 % interval of the p-quantile `quantile` by order statistics, with the sample counted as m = ⌊Σ n ÷ τ⌋ independent
 * values, n and τ (of the values at or below the quantile) those of each run.
 */
export function quantileInterval({ runs, sorted }: Sample, probability: number, quantile: number): Interval {
  const n = sorted.length;
  const m = Math.floor(runs.reduce((sum, inDueOrder) => sum + effectiveSize(inDueOrder, quantile), 0));
  const { lower, upper } = quantileRanks(m, probability);
  return [
    lower === null ? null : (sorted[Math.floor((n * lower) / m) - 1] ?? null),
    upper === null ? null : (sorted[Math.ceil((n * upper) / m) - 1] ?? null),
  ];
}

function effectiveSize(inDueOrder: Float64Array, quantile: number): number {
  const below = new Uint8Array(inDueOrder.length).map((_, place) =>
    (inDueOrder[place] ?? Number.NaN) <= quantile ? 1 : 0,
  );
  return inDueOrder.length / integratedAutocorrelation(below);
}

/** Both intervals are known on the sides that face each other, and share no value. */
export function areDisjoint(a: Interval, b: Interval): boolean {
  const below = (high: number | null, low: number | null) => high !== null && low !== null && high < low;
  return below(a[1], b[0]) || below(b[1], a[0]);
}
