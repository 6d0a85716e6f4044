import type { TokenSink } from './answer-sink.ts';

/** A whole answer that the queue has no part in. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** Sends a reply, its length declared; `extra` headers are added. */
export function sendReply(sink: TokenSink, reply: Reply, extra: Readonly<Record<string, string>> = {}): void {
  const bytes = Buffer.from(reply.body);
  sink.headers(reply.status, { ...reply.headers, 'content-length': String(bytes.length), ...extra });
  sink.chunk(bytes, 0);
  sink.ended();
}
