import { type Store, StoreError } from '../../lib/store/store.ts';

export interface MemoryStore extends Store {
  readonly keys: () => readonly string[];
  text(key: string): string;
  json<T>(key: string): T;
  /** Makes calls fail while it answers an error code. */
  failWith(fault: (verb: 'put' | 'get' | 'list', key: string) => string | null): void;
}

/** A store for tests: a map, with faults on demand. */
export function memoryStore(): MemoryStore {
  const held = new Map<string, Uint8Array>();
  let fault: (verb: 'put' | 'get' | 'list', key: string) => string | null = () => null;
  const check = (verb: 'put' | 'get' | 'list', key: string) => {
    const code = fault(verb, key);
    if (code !== null) throw new StoreError(key, code, `${verb} of ${key} failed: ${code}`);
  };
  const bytesOf = (key: string) => {
    const bytes = held.get(key);
    if (!bytes) throw new Error(`the store has no ${key}; it has ${[...held.keys()].join(', ')}`);
    return bytes;
  };
  const text = (key: string) => new TextDecoder().decode(bytesOf(key));
  return {
    async put(key, bytes, { ifAbsent = false } = {}) {
      check('put', key);
      if (ifAbsent && held.has(key)) return 'exists';
      held.set(key, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice());
      return 'stored';
    },
    async get(key) {
      check('get', key);
      return held.get(key) ?? null;
    },
    async list(prefix) {
      check('list', prefix);
      return [...held.keys()].filter((key) => key.startsWith(prefix)).sort();
    },
    keys: () => [...held.keys()].sort(),
    text,
    json: <T>(key: string) => JSON.parse(text(key)) as T,
    failWith(next) {
      fault = next;
    },
  };
}
