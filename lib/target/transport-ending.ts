import type { Ending } from '../timing/outcome.ts';
import { foreignText } from './foreign-text.ts';
import type { SocketFacts } from './target.ts';

/** How far a request had come when its transport failed. */
export interface Reached {
  /** Null: it was never sent. */
  readonly facts: SocketFacts | null;
  readonly headersSeen: boolean;
}

/** What a failure of the transport means, by how far the request had come. */
export function transportEnding(error: Error, { facts, headersSeen }: Reached): Ending {
  const code = codeOf(error);
  const message = foreignText(error.message);
  if (!facts) return { outcome: 'connect_error', detail: code, message };
  if (error.name === 'HTTPParserError' && !headersSeen) {
    return { outcome: 'unknown', detail: 'not_http', message: `the answer is no HTTP: ${message}` };
  }
  if (headersSeen) return { outcome: 'truncated', detail: code, message };
  if (code !== null && connectionLost.has(code)) {
    return { outcome: 'reset_before_headers', detail: facts.reused ? 'reused_socket' : 'new_socket', message };
  }
  return { outcome: 'unknown', detail: code, message };
}

const connectionLost = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** The code of an error or of its causes; a failed attempt at several addresses tells that of the last. */
function codeOf(error: unknown, depth = 0): string | null {
  if (!(error instanceof Error) || depth > 4) return null;
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors.at(-1), depth + 1);
  if ('code' in error && typeof error.code === 'string') {
    return error.code === 'UND_ERR_SOCKET' ? (codeOf(error.cause, depth + 1) ?? error.code) : error.code;
  }
  return codeOf(error.cause, depth + 1);
}
