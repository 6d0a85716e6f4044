import { quantileInterval } from '../../lib/curve/interval.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { quantileSorted } from '../../lib/curve/quantile.ts';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import type { Interval } from '../../lib/plan/verdict.ts';
import { dataOf, sample } from './sample-stage.ts';
import { autoregressive } from './series.ts';

/** Quantiles of the normal distribution, as printed. */
export const normalQuantiles = { 0.5: 0, 0.9: 1.2816, 0.95: 1.6449, 0.99: 2.3263 } as const;

export interface QuantileRuns {
  /** Correlation of a value to the one before; 0: independent. */
  readonly phi: number;
  readonly n: number;
  readonly probability: keyof typeof normalQuantiles;
  readonly seeds: number;
  /** Hide the correlation from the interval by a random order. */
  readonly shuffled?: boolean;
}

/** Share of runs whose interval holds the true quantile; an end that is not known holds. */
export function quantileCoverage({ phi, n, probability, seeds, shuffled = false }: QuantileRuns): number {
  const truth = normalQuantiles[probability];
  return shareOf(seeds, (seed) => {
    const series = autoregressive(`${phi} ${n} ${seed}`, n, phi);
    const sorted = series.toSorted();
    const inDueOrder = shuffled ? inRandomOrder(series) : series;
    const quantile = quantileSorted(sorted, probability) ?? Number.NaN;
    return holds(quantileInterval({ inDueOrder, sorted }, probability, quantile), truth);
  });
}

/** Share of stages whose interval holds the throughput that their closed loops have in the long run. */
export function throughputCoverage({
  level,
  latencyMs,
  seeds,
}: {
  level: number;
  latencyMs: number;
  seeds: number;
}): number {
  const tokens = 8;
  const cycleSeconds = (latencyMs + 0.07) / 1000;
  return shareOf(seeds, (seed) => {
    const stage = sample({ seed: `throughput ${seed}`, design: { level }, latencyMs, tokens });
    return holds(pointOf(dataOf(stage)).outputTokensPerSecond.ci, (level * tokens) / cycleSeconds);
  });
}

function inRandomOrder(series: Float64Array): Float64Array {
  const random = seededRandom('order');
  const keys = Array.from(series, (value) => ({ value, key: random() })).sort((a, b) => a.key - b.key);
  return Float64Array.from(keys, ({ value }) => value);
}

function holds([low, high]: Interval, truth: number): boolean {
  return (low === null || low <= truth) && (high === null || truth <= high);
}

function shareOf(seeds: number, succeeds: (seed: number) => boolean): number {
  return Array.from({ length: seeds }, (_, seed) => seed).filter(succeeds).length / seeds;
}
