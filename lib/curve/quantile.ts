/** The percentiles that are reported, in percent. */
export const percents = [50, 90, 95, 99] as const;

export type Percent = (typeof percents)[number];

/** The fields of a distribution that hold percentiles. */
export const percentileName = { 50: 'p50', 90: 'p90', 95: 'p95', 99: 'p99' } as const satisfies Record<Percent, string>;

/** A percentile is shown only if n ≥ 5 ÷ (1 − p). */
export function isShown(percent: Percent, samples: number): boolean {
  return samples * (100 - percent) >= 500;
}

/** The numbers in rising order, those that are NaN left out. */
export function sortedNumbers(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value)).sort();
}

/**
 * R-7 quantile of sorted values (Hyndman & Fan, 1996): linear between the neighbours of position (n − 1) × p. Infinite
 * where a neighbour with a weight is infinite; null without values.
 */
export function quantileSorted(sorted: ArrayLike<number>, probability: number): number | null {
  const position = (sorted.length - 1) * probability;
  const weight = position - Math.floor(position);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return weight === 0 || below === above ? below : below + (above - below) * weight;
}

/** The R-7 median of what is not NaN; null without values. */
export function median(values: Float64Array): number | null {
  return quantileSorted(sortedNumbers(values), 0.5);
}
