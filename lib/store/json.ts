import type { Store } from './store.ts';

/** The JSON of a key; null when the key is not there or holds no whole JSON. */
export async function getJson<T>(store: Store, key: string): Promise<T | null> {
  const bytes = await store.get(key);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return null;
  }
}

/** A value as the stored text of a key: readable JSON with a final newline. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
