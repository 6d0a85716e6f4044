/** Σ parts ÷ Σ wholes over all items; null where there is no whole. */
export function ratioOver<T>(
  items: readonly T[],
  of: (item: T) => readonly [part: number, whole: number],
): number | null {
  let parts = 0;
  let wholes = 0;
  for (const item of items) {
    const [part, whole] = of(item);
    parts += part;
    wholes += whole;
  }
  return wholes > 0 ? parts / wholes : null;
}
