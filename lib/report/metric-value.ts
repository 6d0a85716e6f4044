import type { Distribution, Point, Rate } from '../curve/point.ts';
import { missing, type Shown, shownPercentile, shownRate } from './shown.ts';

/** What a condition can be about, with the unit of its limit and what it is called. */
export const conditionMetrics = {
  ttft: { unit: 'ms', title: 'TTFT' },
  ttfo: { unit: 'ms', title: 'TTFO' },
  tpot: { unit: 'ms', title: 'TPOT' },
  latency: { unit: 'ms', title: 'latency' },
  throughput: { unit: 'tokens/s', title: 'throughput' },
  totalThroughput: { unit: 'tokens/s', title: 'throughput with prompts' },
  requests: { unit: 'requests/s', title: 'requests' },
  errors: { unit: 'share', title: 'errors' },
  goodput: { unit: 'share', title: 'good requests' },
} as const;

export type MetricName = keyof typeof conditionMetrics;

/** Metrics that have percentiles. */
export const timeMetrics = ['ttft', 'ttfo', 'tpot', 'latency'] as const;
type TimeMetric = (typeof timeMetrics)[number];

export const percentileNames = ['p50', 'p90', 'p95', 'p99', 'mean'] as const;
export type PercentileName = (typeof percentileNames)[number];

/** A figure of a point, or why there is none. */
export type MetricValue =
  | {
      /** Infinite: it falls among the requests that failed. */
      readonly value: number;
      /** What is true is that or more. */
      readonly isLowerBound: boolean;
    }
  | { readonly value: null; readonly why: string };

/**
 * The figure of a point that a condition is held against. Percentiles count every failed request as never answered, as an
 * SLO does; a mean is that of the answers that ended ok.
 */
export function metricValue(point: Point, metric: MetricName, percentile: PercentileName | null): MetricValue {
  switch (metric) {
    case 'ttft':
    case 'ttfo':
    case 'tpot':
    case 'latency':
      return timeOf(point, metric, percentile ?? 'p50');
    case 'throughput':
      return rateOf(point, 'outputTokensPerSecond');
    case 'totalThroughput':
      return rateOf(point, 'totalTokensPerSecond');
    case 'requests':
      return rateOf(point, 'requestsPerSecond');
    case 'errors':
      return known(point.errorShare, () => missing('no request was due in the window'));
    case 'goodput':
      return known(point.goodput?.share ?? null, () => missing(noGoodput(point)));
  }
}

function timeOf(point: Point, metric: TimeMetric, percentile: PercentileName): MetricValue {
  const distribution: Distribution = point[`${metric}Ms`];
  if (percentile === 'mean') return known(distribution.mean, () => shownPercentile(point, `${metric}Ms`, 'p50'));
  const value = distribution.withFailures[percentile];
  const infinite = value === 'not_reached' ? Number.POSITIVE_INFINITY : value;
  return known(infinite, () => shownPercentile(point, `${metric}Ms`, percentile));
}

function rateOf(
  point: Point,
  rate: 'outputTokensPerSecond' | 'totalTokensPerSecond' | 'requestsPerSecond',
): MetricValue {
  const { value }: Rate = point[rate];
  const isLowerBound = point.throughputIsLowerBound && rate !== 'requestsPerSecond';
  return known(value, () => shownRate(point, rate), isLowerBound);
}

function known(value: number | null, otherwise: () => Shown, isLowerBound = false): MetricValue {
  return value === null ? { value, why: otherwise().why ?? 'it was not measured' } : { value, isLowerBound };
}

function noGoodput({ goodput, requests }: Point): string {
  if (goodput === null) return 'the sweep has no slo.perRequest that a request could keep';
  return requests === 0 ? 'no request was due in the window' : 'its bounds could not be held against any request';
}
