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
}

/** A metric as a point shows it: percentiles with their intervals, and with failures counted in. */
export function distributionOf(summary: MetricSummary, options: DistributionOptions): Distribution {
  const { percentiles, mean, samples, values } = summary;
  const inDueOrder = values.filter((value) => !Number.isNaN(value));
  const sorted = sortedNumbers(values);
  const percentile = (percent: Percent) => (isShown(percent, samples) ? percentiles[percent] : null);
  const ci = (percent: Percent) => {
    const value = percentile(percent);
    if (value === null || !options.intervals) return noInterval;
    return quantileInterval({ inDueOrder, sorted }, percent / 100, value);
  };
  const all = withFailures(sorted, options);
  return {
    p50: percentile(50),
    p90: percentile(90),
    p95: percentile(95),
    p99: percentile(99),
    mean,
    samples,
    ci: { p50: ci(50), p90: ci(90), p95: ci(95), p99: ci(99) },
    withFailures: { p50: all(50), p90: all(90), p95: all(95), p99: all(99) },
  };
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
