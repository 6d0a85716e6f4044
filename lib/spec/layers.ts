/** A value that stands above the text, such as a command-line flag: a path and what it sets. */
export interface Override {
  readonly path: readonly [string, ...string[]];
  readonly value: unknown;
  /** The flag that said so, to name it where the value is wrong. */
  readonly flag?: string;
}

/** Keys of which a sweep uses one alternative: what an upper layer names stands instead of the others below it. */
const alternatives: readonly (readonly (readonly string[])[])[] = [
  [['target.auth.env'], ['target.auth.secret', 'target.auth.field'], ['target.auth.parameter']],
  [['target.url'], ['target.host', 'target.endpoint', 'target.type']],
  [['workload.file'], ['workload.inputTokens']],
  [['load.levels'], ['load.search']],
];

/** A written sweep over another, such as a preset: key by key within its sections. */
export function layered(lower: unknown, upper: unknown): unknown {
  if (!isMap(upper) || !isMap(lower)) return upper ?? lower;
  const below = withoutRivals(lower, (path) => valueAt(upper, path) !== undefined);
  const merged = Object.entries(upper).map(([key, value]) => {
    const under = below[key];
    return [key, isMap(value) && isMap(under) ? { ...under, ...value } : value] as const;
  });
  return { ...below, ...Object.fromEntries(merged) };
}

/** A written sweep under what flags set. */
export function overridden(written: unknown, overrides: readonly Override[]): unknown {
  const named = new Set(overrides.map(({ path }) => path.join('.')));
  const lower = isMap(written) ? withoutRivals(written, (path) => named.has(path)) : written;
  return overrides.reduce<unknown>((whole, { path, value }) => withValueAt(whole, path, value), lower);
}

type WrittenMap = Readonly<Record<string, unknown>>;

function withoutRivals(lower: WrittenMap, isNamed: (path: string) => boolean): WrittenMap {
  const rivals = alternatives.flatMap((choices) => {
    const named = choices.filter((paths) => paths.some(isNamed));
    return named.length === 0 ? [] : choices.filter((paths) => !named.includes(paths)).flat();
  });
  return rivals.reduce<WrittenMap>((whole, path) => {
    const value = valueAt(whole, path);
    // A column is a part of the file, not a rival of it.
    return isMap(value) && 'column' in value ? whole : withoutKey(whole, path.split('.'));
  }, lower);
}

function withoutKey(map: WrittenMap, [key = '', ...rest]: readonly string[]): WrittenMap {
  const { [key]: inner, ...others } = map;
  if (rest.length === 0) return others;
  return isMap(inner) ? { ...map, [key]: withoutKey(inner, rest) } : map;
}

function withValueAt(whole: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const parent = isMap(whole) ? whole : {};
  return { ...parent, [key]: withValueAt(parent[key], rest, value) };
}

function valueAt(whole: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), whole);
}

function isMap(value: unknown): value is WrittenMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
