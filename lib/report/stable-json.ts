/**
 * JSON with two spaces and the same bytes for the same value, however its objects were built: `schema` first, then
 * keys in the order of their code units.
 * @throws RangeError naming the path of a number that is not finite: undefined numbers are null
 */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(ordered(value, '$'), null, 2)}\n`;
}

function ordered(value: unknown, path: string): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new RangeError(`${path} is ${value}: a number that is undefined must be null`);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => ordered(item, `${path}[${index}]`));
  const keys = Object.keys(value).toSorted(bySchemaThenName);
  return Object.fromEntries(keys.map((key) => [key, ordered(Reflect.get(value, key), `${path}.${key}`)]));
}

function bySchemaThenName(a: string, b: string): number {
  if (a === 'schema' || b === 'schema') return a === 'schema' ? -1 : 1;
  return a < b ? -1 : 1;
}
