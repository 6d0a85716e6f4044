import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** The longest body that is kept, compressed or not. */
export const longestBody = 16 * 1024 * 1024;

const flush = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: longestBody };
const brotliFlush = { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength: longestBody };

/** A decoder takes bodies that were cut as far as they go. */
type Decode = (bytes: Uint8Array) => Uint8Array;

const decoders: Readonly<Record<string, Decode>> = {
  gzip: (bytes) => gunzipSync(bytes, flush),
  'x-gzip': (bytes) => gunzipSync(bytes, flush),
  br: (bytes) => brotliDecompressSync(bytes, brotliFlush),
  deflate: inflateEither,
};

/** What a body was compressed with although nobody asked for it: null for nothing. */
export function encodingOf(header: string | null): string | null {
  const encoding = header?.trim().toLowerCase() ?? '';
  return encoding === '' || encoding === 'identity' ? null : encoding;
}

/** The body behind its encoding; null where the encoding is unknown, the bytes are not of it, or they are too many. */
export function decodeBody(bytes: Uint8Array, encoding: string): Uint8Array | null {
  const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decode === undefined) return null;
  if (bytes.length === 0) return bytes;
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}

/** `deflate` means zlib; some servers send the bare format. */
function inflateEither(bytes: Uint8Array): Uint8Array {
  try {
    return inflateSync(bytes, flush);
  } catch {
    return inflateRawSync(bytes, flush);
  }
}
