import { type GapHistogram, gapQuantileUs } from '../record/gap-histogram.ts';
import type { MetricSummary } from './cohort.ts';
import { noInterval, quantileInterval } from './interval.ts';
import type { Distribution, GapDistribution, WithFailures } from './point.ts';
import { isShown, type Percent, quantileSorted, sortedNumbers } from './quantile.ts';

export interface DistributionOptions {
  /** Requests of the cohort that failed. */
  readonly failures: number;
  /** What a failure counts as: +∞, or 0 of a rate. */
  readonly failureValue: number;
  /** Whether the window is long enough for intervals. */
  readonly intervals: boolean;
  /** Whether the shape of the distribution is kept as well. */
  readonly shape: boolean;
}

/** Steps of the shape from the least to the largest value. */
const shapeSteps = 40;

/** Below so few samples a drawing would pretend to a shape. */
const samplesForShape = 20;

/**
 * A metric as a point shows it: percentiles with their intervals, and with failures counted in. `runs` hold the values of
 * the summary in due order, run by run.
 */
export function distributionOf(
  summary: MetricSummary,
  runs: readonly Float64Array[],
  options: DistributionOptions,
): Distribution {
  const { percentiles, mean, samples, values } = summary;
  const inDueOrder = runs.map((run) => run.filter((value) => !Number.isNaN(value)));
  const sorted = sortedNumbers(values);
  const percentile = (percent: Percent) => (isShown(percent, samples) ? percentiles[percent] : null);
  const ci = (percent: Percent) => {
    const value = percentile(percent);
    if (value === null || !options.intervals) return noInterval;
    return quantileInterval({ runs: inDueOrder, sorted }, percent / 100, value);
  };
  const all = withFailures(sorted, options);
  return {
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    p99: percentile(99),
    mean,
    max: sorted.at(-1) ?? null,
    samples,
    ci: { p50: ci(50), p90: ci(90), p95: ci(95), p99: ci(99) },
    quantiles: options.shape ? shapeOf(sorted) : null,
    withFailures: { p50: all(50), p90: all(90), p95: all(95), p99: all(99) },
  };
}

function shapeOf(sorted: Float64Array): number[] | null {
  if (sorted.length < samplesForShape) return null;
  return Array.from({ length: shapeSteps + 1 }, (_, step) => quantileSorted(sorted, step / shapeSteps) ?? Number.NaN);
}

/** Percentiles with every failure at `failureValue`; `not_reached` when one falls among the infinite. */
function withFailures(
  sorted: Float64Array,
  { failures, failureValue }: DistributionOptions,
): (percent: Percent) => WithFailures {
  const all = new Float64Array(sorted.length + failures).fill(failureValue);
  all.set(sorted, failureValue === 0 ? failures : 0);
  return (percent) => {
    const value = isShown(percent, all.length) ? quantileSorted(all, percent / 100) : null;
    return value === Number.POSITIVE_INFINITY ? 'not_reached' : value;
  };
}

/** Gaps between reads in milliseconds, from a histogram. */
export function gapDistributionOf(histogram: GapHistogram): GapDistribution {
  const samples = histogram.count;
  const percentile = (percent: Percent) => {
    const us = isShown(percent, samples) ? gapQuantileUs(histogram, percent / 100) : null;
    return us === null ? null : us / 1000;
  };
  return {
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    p99: percentile(99),
    mean: samples === 0 ? null : histogram.sumUs / samples / 1000,
    samples,
  };
}
