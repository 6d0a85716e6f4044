/** Bytes that are appended piece by piece; capacity doubles, so that a line fed byte by byte costs linear time. */
export interface GrowingBytes {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** The bytes, until something is appended or taken. */
  view(): Buffer;
  /** The bytes as UTF-8 text; empty afterwards. */
  takeText(): string;
  clear(): void;
}

const leastCapacity = 512;
/** More capacity than this is given back after use: a rare long line must not stay in memory for a whole sweep. */
const keptCapacity = 64 * 1024;
const nothing = Buffer.alloc(0);

export function growingBytes(): GrowingBytes {
  let store = nothing;
  let length = 0;
  const clear = () => {
    length = 0;
    if (store.length > keptCapacity) store = nothing;
  };
  return {
    get length() {
      return length;
    },
    append(bytes) {
      const needed = length + bytes.length;
      if (needed > store.length) {
        const larger = Buffer.allocUnsafe(Math.max(needed, store.length * 2, leastCapacity));
        store.copy(larger, 0, 0, length);
        store = larger;
      }
      store.set(bytes, length);
      length = needed;
    },
    view: () => store.subarray(0, length),
    takeText() {
      const text = store.toString('utf8', 0, length);
      clear();
      return text;
    },
    clear,
  };
}
