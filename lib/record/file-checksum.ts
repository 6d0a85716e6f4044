import { crc32 } from 'node:zlib';

export const checksumKey = 'checksum';

const mark = 'crc32:';
const digits = 10;
const zeros = '0'.repeat(digits);

/** What stands in a file before it is sealed. */
export const emptyChecksum = mark + zeros;

/** Writes the CRC-32 of a whole file into it, in the place of its last empty checksum, which counts as zeros. */
export function sealed<B extends ArrayBufferLike>(bytes: Uint8Array<B>): Uint8Array<B> {
  const checksum = checksumIn(bytes);
  if (checksum === null) throw new RangeError('the file has no place for its checksum');
  bytes.set(new TextEncoder().encode(checksum.actual), checksum.at);
  return bytes;
}

/** Whether a file is as it was sealed; null when it carries no checksum. */
export function isIntact(bytes: Uint8Array): boolean | null {
  const checksum = checksumIn(bytes);
  return checksum === null ? null : checksum.stated === checksum.actual;
}

function checksumIn(bytes: Uint8Array): { at: number; stated: string; actual: string } | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = file.lastIndexOf(mark);
  if (found < 0) return null;
  const at = found + mark.length;
  const stated = file.toString('latin1', at, at + digits);
  const before = crc32(zeros, crc32(file.subarray(0, at)));
  return { at, stated, actual: String(crc32(file.subarray(at + digits), before)).padStart(digits, '0') };
}
