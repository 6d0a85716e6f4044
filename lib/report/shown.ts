import type { Distribution, GapDistribution, Point, WithFailures } from '../curve/point.ts';
import type { Interval } from '../plan/verdict.ts';
import { count, figure } from './format.ts';

/** A figure as it is shown, or the mark that stands for a missing one and why it is missing. */
export interface Shown {
  /** A number, `–` (undefined), `few` (too few samples) or `not reached` (among the failures). */
  readonly text: string;
  /** Why there is no number; null when there is one. */
  readonly why: string | null;
  /** The 95 % interval; null where there is none. */
  readonly interval: string | null;
}

export type Percentile = 'p50' | 'p90' | 'p95' | 'p99';

/** A percentile is shown only if n ≥ 5 ÷ (1 − p). */
export const samplesNeeded: Readonly<Record<Percentile, number>> = { p50: 10, p90: 50, p95: 100, p99: 500 };

/** Metrics of a point that have percentiles. */
export type Metric = 'ttftMs' | 'ttfoMs' | 'tpotMs' | 'latencyMs' | 'tokensPerSecondPerUser' | 'interChunkMs';

export function shown(text: string, interval: string | null = null): Shown {
  return { text, why: null, interval };
}

export function missing(why: string): Shown {
  return { text: '–', why, interval: null };
}

/** A value ÷ `unit` if it is there, else why it isn't. */
export function shownOr(value: number | null, why: string, unit = 1): Shown {
  return value === null ? missing(why) : shown(figure(value / unit));
}

/** `1,352–1,390`; an unknown end is `…`; null when both are unknown. */
export function intervalText([low, high]: Interval, unit = 1): string | null {
  if (low === null && high === null) return null;
  const end = (value: number | null) => (value === null ? '…' : figure(value / unit));
  return `${end(low)}–${end(high)}`;
}

/** A percentile of a metric, ÷ `unit`. */
export function shownPercentile(point: Point, metric: Metric, percentile: Percentile, unit = 1): Shown {
  const distribution: Distribution | GapDistribution = point[metric];
  const value = distribution[percentile];
  if (value !== null) {
    const interval = 'ci' in distribution ? intervalText(distribution.ci[percentile], unit) : null;
    return shown(figure(value / unit), interval);
  }
  if (distribution.samples > 0) {
    const needed = samplesNeeded[percentile];
    if (distribution.samples < needed)
      return { text: 'few', why: tooFew(percentile, distribution.samples), interval: null };
  }
  return missing(whyNoSamples(point, metric));
}

function tooFew(percentile: Percentile, samples: number): string {
  return `too few samples: ${percentile} needs ${count(samplesNeeded[percentile])}, there were ${count(samples)}`;
}

function whyNoSamples(point: Point, metric: Metric): string {
  if (point.requests === 0) return 'no request was due in the window';
  if (point.ok === 0) return 'no answer ended ok';
  if (metric === 'latencyMs') return 'no answer brought a token';
  if (metric === 'ttfoMs') return 'no answer brought visible text';
  if (metric === 'ttftMs') return 'the answers were not streamed, or came all at once';
  if (metric === 'interChunkMs') return 'no answer came in more than one read';
  return 'the answers were not streamed, or their tokens were not counted';
}

/** A percentile with failures counted, ÷ `unit`. */
export function shownWithFailures(value: WithFailures, percentile: Percentile, unit = 1): Shown {
  if (value === 'not_reached')
    return { text: 'not reached', why: `so many requests failed that ${percentile} is among them`, interval: null };
  if (value !== null) return shown(figure(value / unit));
  return {
    text: 'few',
    why: `too few samples: ${percentile} needs ${count(samplesNeeded[percentile])}`,
    interval: null,
  };
}

/** A rate of a point; `≥` before a lower bound. */
export function shownRate(
  point: Point,
  rate: 'outputTokensPerSecond' | 'totalTokensPerSecond' | 'requestsPerSecond',
): Shown {
  const { value, ci } = point[rate];
  if (value === null) return missing(whyNoRate(point, rate));
  const bound = point.throughputIsLowerBound && rate !== 'requestsPerSecond' ? '≥ ' : '';
  return shown(`${bound}${figure(value)}`, intervalText(ci));
}

function whyNoRate(point: Point, rate: string): string {
  if (point.windowSeconds === 0) return 'there was no window to count in';
  if (rate === 'requestsPerSecond' || point.ok === 0) return 'no answer ended ok';
  return 'the endpoint sent no count of tokens';
}
