/** The beginning of a body, up to a bound. */
export interface KeptBytes {
  add(bytes: Uint8Array): void;
  bytes(): Buffer;
  /** More came than is kept. */
  readonly overflowed: boolean;
}

export function keptBytes(most: number): KeptBytes {
  const parts: Uint8Array[] = [];
  let length = 0;
  let overflowed = false;
  return {
    add(bytes) {
      const room = most - length;
      if (bytes.length > room) overflowed = true;
      if (room === 0 || bytes.length === 0) return;
      const part = bytes.length > room ? bytes.subarray(0, room) : bytes;
      parts.push(part);
      length += part.length;
    },
    bytes: () => Buffer.concat(parts, length),
    get overflowed() {
      return overflowed;
    },
  };
}
