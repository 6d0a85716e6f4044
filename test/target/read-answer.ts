import type { Answer } from '../../lib/target/answer.ts';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import type { Ending } from '../../lib/timing/outcome.ts';

/** The wall clock of these tests: 9 October 2025, 08:53:20 UTC. */
export const nowEpochMs = 1_760_000_000_000;

export interface ToldAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly closing: 'clean' | Ending;
  readonly reads: Iterable<Uint8Array>;
}

/** Tells a reader what a connection would tell, a microsecond apart, and parses after each read. */
export function readAnswer({ status, headers, closing, reads }: ToldAnswer): Answer {
  const reader = answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => nowEpochMs });
  let atUs = 1000;
  reader.headers(atUs, status, headers);
  for (const read of reads) {
    atUs += 1;
    reader.chunk(atUs, read, false);
    reader.parse();
  }
  if (closing === 'clean') reader.ended(atUs + 1);
  else if (closing.outcome === 'timeout') reader.cut(closing);
  else reader.failed(atUs + 1, closing);
  return reader.result();
}

/** One byte a read. */
export function* bytewise(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** Everything of an answer that does not depend on when its bytes came. */
export function timeless(answer: Answer): object {
  const { headersUs, firstEventUs, firstTokenUs, firstVisibleTokenUs, lastTokenUs, endUs, ...rest } = answer;
  const { buffered, coalescedEvents, tokenReads, tokenEventUs, ...counts } = rest;
  const happened = [headersUs, firstEventUs, firstTokenUs, firstVisibleTokenUs, lastTokenUs, endUs].map(
    (stamp) => stamp !== null,
  );
  return { ...counts, tokenEvents: tokenEventUs.length, happened };
}
