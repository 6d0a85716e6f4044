import { quantileInterval } from '../../lib/curve/interval.ts';
import type { Point } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { reduceStage } from '../../lib/curve/pool.ts';
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
    const runs = [shuffled ? inRandomOrder(series) : series];
    const quantile = quantileSorted(sorted, probability) ?? Number.NaN;
    return holds(quantileInterval({ runs, sorted }, probability, quantile), truth);
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

/** Share of levels, each the pool of several runs, whose intervals hold the throughput and the median of the long run. */
export function pooledCoverage({ runs, latencyMs, seeds }: { runs: number; latencyMs: number; seeds: number }) {
  const [level, tokens] = [6, 8];
  const cycleSeconds = (latencyMs + 0.07) / 1000;
  const points = Array.from({ length: seeds }, (_, seed) => pooledPoint({ runs, level, latencyMs, tokens, seed }));
  const share = (ciOf: (point: Point) => Interval, truth: number) =>
    points.filter((point) => holds(ciOf(point), truth)).length / seeds;
  return {
    throughput: share(({ outputTokensPerSecond }) => outputTokensPerSecond.ci, (level * tokens) / cycleSeconds),
    // An answer takes a half to one and a half of its time; its first token a quarter of that.
    median: share(({ ttftMs }) => ttftMs.ci.p50, latencyMs / 4),
  };
}

function pooledPoint(options: { runs: number; level: number; latencyMs: number; tokens: number; seed: number }): Point {
  const { runs, level, latencyMs, tokens, seed } = options;
  const stages = Array.from({ length: runs }, (_, run) =>
    dataOf(
      sample({
        seed: `pooled ${seed} ${run}`,
        design: { level, stage: run + 1, repeat: run, drainMs: 4 * latencyMs },
        latencyMs,
        tokens,
      }),
    ),
  );
  const newest = stages.at(-1);
  if (!newest) throw new Error('a level has a run');
  return reduceStage(newest, stages.slice(0, -1)).point;
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
