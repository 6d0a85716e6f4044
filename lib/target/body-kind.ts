/** How the body of an answer is to be read. */
export type BodyKind = 'stream' | 'whole' | 'foreign';

/** So many bytes always decide. */
export const decidingBytes = 64;

const streamBegins = /^(data|event|id|retry)?:/;
const mayBecomeStream = /^(d|da|dat|e|ev|eve|even|i|r|re|ret|retr|data|event|id|retry)$/;

/**
 * The kind of a body from its first bytes and its content type; null while they do not decide. Bytes count more than
 * the label: proxies send event streams as text/plain, and JSON as an event stream.
 */
export function bodyKind(head: Uint8Array, contentType: string | null, asked: 'stream' | 'whole'): BodyKind | null {
  const begin = Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString('latin1')
    .replace(/^(ï»¿|ï»|ï)/, '')
    .trimStart();
  if (begin === '') return head.length < decidingBytes ? null : kindByLabel(contentType, asked);
  if (begin[0] === '{') return 'whole';
  if (streamBegins.test(begin)) return 'stream';
  if (head.length < decidingBytes && mayBecomeStream.test(begin)) return null;
  return kindByLabel(contentType, asked);
}

/** What the content type alone says; without one, what was asked for. */
export function kindByLabel(contentType: string | null, asked: 'stream' | 'whole'): BodyKind {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === '') return asked;
  if (type === 'text/event-stream') return 'stream';
  return /^application\/(.+\+)?json$/.test(type) ? 'whole' : 'foreign';
}
