/** Standard normal quantile of a 95 % interval. */
const z = 1.959964;

/** 95 % score interval of a share, `count` of `of` independent cases (Wilson, 1927). */
export function shareInterval(count: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const share = count / of;
  const middle = share + (z * z) / (2 * of);
  const reach = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return [Math.max(0, (middle - reach) / scale), Math.min(1, (middle + reach) / scale)];
}
