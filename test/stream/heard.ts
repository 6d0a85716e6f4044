import { sseParser } from '../../lib/stream/sse.ts';

/** What a parser told, a line each: `message|data`, `unterminated message|data`, `oversized`, `comment`. */
export function heard(reads: Iterable<Uint8Array>): string[] {
  const lines: string[] = [];
  const parser = sseParser({
    event: (type, data) => lines.push(`${type}|${data}`),
    unterminated: (type, data) => lines.push(`unterminated ${type}|${data}`),
    oversized: () => lines.push('oversized'),
    comment: () => lines.push('comment'),
  });
  for (const read of reads) parser.push(read);
  parser.end();
  return lines;
}

/** One byte a read. */
export function bytewise(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}
