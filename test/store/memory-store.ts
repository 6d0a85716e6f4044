import { createHash } from 'node:crypto';
import { StoreError, type VersionedStore } from '../../lib/store/store.ts';

export interface MemoryStore extends VersionedStore {
  readonly keys: () => readonly string[];
  text(key: string): string;
  json<T>(key: string): T;
  /** Someone takes a key away. */
  remove(key: string): void;
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
  const hold = (key: string, bytes: Uint8Array | string) =>
    held.set(key, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice());
  return {
    async put(key, bytes, { ifAbsent = false } = {}) {
      check('put', key);
      if (ifAbsent && held.has(key)) return 'exists';
      hold(key, bytes);
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
    async listFolders(prefix) {
      check('list', prefix);
      const under = [...held.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      return [...new Set(under.filter((key) => key.includes('/')).map((key) => key.slice(0, key.indexOf('/'))))].sort();
    },
    async getVersion(key) {
      check('get', key);
      const bytes = held.get(key);
      return bytes === undefined ? null : { bytes, version: versionOf(bytes) };
    },
    async putIf(key, bytes, version) {
      check('put', key);
      const there = held.get(key);
      if ((there === undefined ? null : versionOf(there)) !== version) return 'changed';
      hold(key, bytes);
      return 'stored';
    },
    keys: () => [...held.keys()].sort(),
    text,
    json: <T>(key: string) => JSON.parse(text(key)) as T,
    remove: (key) => void held.delete(key),
    failWith(next) {
      fault = next;
    },
  };
}

/** As in S3 the same bytes have the same version. */
const versionOf = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
