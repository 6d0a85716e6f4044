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

/** 95 % t interval of the mean of independent batches, no lower than 0; unknown with fewer than two. */
export function meanInterval(batches: readonly number[]): Interval {
  const b = batches.length;
  if (b < 2) return noInterval;
  const mean = batches.reduce((sum, value) => sum + value, 0) / b;
  const variance = batches.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (b - 1);
  const reach = studentT(confidence, b - 1) * Math.sqrt(variance / b);
  return [Math.max(0, mean - reach), mean + reach];
}

export interface Sample {
  /** The values in the order in which their requests were due. */
  readonly inDueOrder: Float64Array;
  /** The same, rising. */
  readonly sorted: Float64Array;
}

/**
 * 95 % interval of the p-quantile `quantile` by order statistics, with the sample counted as ⌊n ÷ τ⌋ independent values,
 * τ of the values at or below the quantile.
 */
export function quantileInterval({ inDueOrder, sorted }: Sample, probability: number, quantile: number): Interval {
  const n = sorted.length;
  const tau = integratedAutocorrelation(
    new Uint8Array(n).map((_, place) => ((inDueOrder[place] ?? Number.NaN) <= quantile ? 1 : 0)),
  );
  const m = Math.floor(n / tau);
  const { lower, upper } = quantileRanks(m, probability);
  return [
    lower === null ? null : (sorted[Math.floor((n * lower) / m) - 1] ?? null),
    upper === null ? null : (sorted[Math.ceil((n * upper) / m) - 1] ?? null),
  ];
}

/** Both intervals are known on the sides that face each other, and share no value. */
export function areDisjoint(a: Interval, b: Interval): boolean {
  const below = (high: number | null, low: number | null) => high !== null && low !== null && high < low;
  return below(a[1], b[0]) || below(b[1], a[0]);
}
