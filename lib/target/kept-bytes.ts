import { growingBytes } from '../stream/growing-bytes.ts';

/** The beginning of a body, up to a bound. */
export interface KeptBytes {
  add(bytes: Uint8Array): void;
  /** What is kept, until more is added. */
  bytes(): Buffer;
  /** More came than is kept. */
  readonly overflowed: boolean;
}

export function keptBytes(most: number): KeptBytes {
  const kept = growingBytes();
  let overflowed = false;
  return {
    add(bytes) {
      const room = most - kept.length;
      if (bytes.length > room) overflowed = true;
      if (room > 0) kept.append(bytes.length > room ? bytes.subarray(0, room) : bytes);
    },
    bytes: () => kept.view(),
    get overflowed() {
      return overflowed;
    },
  };
}
