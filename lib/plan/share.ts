/** One worker's part of a whole: `count` items from `first`. */
export interface Share {
  readonly first: number;
  readonly count: number;
}

/**
 * The exact share of worker `index` of `of`: shares differ by one at most, lie side by side, and sum to the whole.
 */
export function shareOf(whole: number, index: number, of: number): Share {
  const first = Math.floor((whole * index) / of);
  return { first, count: Math.floor((whole * (index + 1)) / of) - first };
}
