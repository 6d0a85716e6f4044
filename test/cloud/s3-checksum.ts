import { crc32 } from 'node:zlib';

const header = 'x-amz-checksum-crc32';

/**
 * Whether a body's CRC32 is the one its header or trailer names; true when none is named.
 * @param body as it came over the wire: whole, or in the chunks of `content-encoding: aws-chunked`
 */
export function checksumHolds(body: Buffer, headers: Readonly<Record<string, unknown>>): boolean {
  const chunked = String(headers['content-encoding'] ?? '').includes('aws-chunked');
  const { data, trailer } = chunked ? readChunks(body) : { data: body, trailer: '' };
  const named = headers[header] ?? new RegExp(`${header}:\\s*(\\S+)`, 'i').exec(trailer)?.[1];
  return named === undefined || named === base64Crc32(data);
}

function base64Crc32(data: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(data));
  return bytes.toString('base64');
}

/** Takes apart `SIZE;chunk-signature=…\r\nDATA\r\n … 0\r\nTRAILER`. */
function readChunks(body: Buffer): { data: Buffer; trailer: string } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd === -1) return { data: Buffer.concat(chunks), trailer: '' };
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (!(size > 0)) return { data: Buffer.concat(chunks), trailer: body.toString('latin1', start) };
    chunks.push(body.subarray(start, start + size));
    at = start + size + 2;
  }
}
