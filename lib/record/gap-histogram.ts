/**
 * A histogram of durations with a relative error of at most 0.5 %, `paretoken.gaps.v1`: logarithmic buckets as in
 * DDSketch (Masson et al., 2019), flat and mergeable. Bucket i counts values in (γ^(i−1), γ^i] microseconds.
 */
export interface GapHistogram {
  readonly count: number;
  readonly sumUs: number;
  /** [bucket, count], rising by bucket. */
  readonly buckets: readonly (readonly [number, number])[];
}

const relativeError = 0.005;
const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);

export const emptyGapHistogram: GapHistogram = { count: 0, sumUs: 0, buckets: [] };

/** Counts gaps one by one; `histogram()` gives what was counted so far. */
export interface GapCounter {
  add(gapUs: number): void;
  histogram(): GapHistogram;
}

export function gapCounter(): GapCounter {
  const counts = new Map<number, number>();
  let count = 0;
  let sumUs = 0;
  return {
    add(gapUs) {
      const bucket = Math.ceil(Math.log(Math.max(1, gapUs)) / logGamma);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
      count += 1;
      sumUs += gapUs;
    },
    histogram: () => ({ count, sumUs, buckets: [...counts].sort(([a], [b]) => a - b) }),
  };
}

/** The histogram of all gaps of several workers. */
export function mergeGapHistograms(histograms: readonly GapHistogram[]): GapHistogram {
  const counts = new Map<number, number>();
  for (const { buckets } of histograms) {
    for (const [bucket, count] of buckets) counts.set(bucket, (counts.get(bucket) ?? 0) + count);
  }
  return {
    count: histograms.reduce((sum, { count }) => sum + count, 0),
    sumUs: histograms.reduce((sum, { sumUs }) => sum + sumUs, 0),
    buckets: [...counts].sort(([a], [b]) => a - b),
  };
}

/** Quantile of a histogram in microseconds (R-7 between the representatives of its buckets); null when empty. */
export function gapQuantileUs(histogram: GapHistogram, probability: number): number | null {
  if (histogram.count === 0) return null;
  const position = (histogram.count - 1) * probability;
  const lower = valueAtRank(histogram, Math.floor(position));
  const upper = valueAtRank(histogram, Math.ceil(position));
  return lower + (upper - lower) * (position - Math.floor(position));
}

/** The value in the middle, by relative error, of the bucket that holds the given rank (from 0). */
function valueAtRank({ buckets }: GapHistogram, rank: number): number {
  let below = 0;
  for (const [bucket, count] of buckets) {
    below += count;
    if (rank < below) return (2 * gamma ** bucket) / (gamma + 1);
  }
  throw new RangeError(`rank ${rank} lies outside the histogram`);
}
