import type { Answer } from '../../lib/target/answer.ts';
import { type AnswerReader, answerReader } from '../../lib/target/answer-reader.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import { nowEpochMs } from './read-answer.ts';

export const eventStream = { 'content-type': 'text/event-stream' };

export const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
export const delta = (says: object, more: object = {}) =>
  frame({ choices: [{ delta: says, finish_reason: null }], ...more });
export const role = delta({ role: 'assistant', content: '' });
export const text = (content: string) => delta({ content });
export const reasoning = (words: string) => delta({ reasoning_content: words });
export const tool = (words: string) => delta({ tool_calls: [{ index: 0, function: { arguments: words } }] });
export const finish = frame({ choices: [{ delta: {}, finish_reason: 'stop' }] });
export const usage = (output: number, hidden = 0) =>
  frame({
    choices: [],
    usage: { prompt_tokens: 5, completion_tokens: output, completion_tokens_details: { reasoning_tokens: hidden } },
  });
export const done = 'data: [DONE]\n\n';

export function newReader(options: { streamAsked?: boolean; scrub?: (text: string) => string } = {}): AnswerReader {
  return answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => nowEpochMs, ...options });
}

/** A read of the stream: when it came, what it held, and whether it shares the read before. */
export type Read = readonly [atUs: number, body: string, coalesced?: 'coalesced'];

/** An event stream whose headers came at 100 µs and whose body ended cleanly at 900 µs. */
export function streamOf(reads: readonly Read[]): Answer {
  const reader = newReader();
  reader.headers(100, 200, eventStream);
  for (const [atUs, body, coalesced] of reads) reader.chunk(atUs, Buffer.from(body), coalesced === 'coalesced');
  reader.ended(900);
  return reader.result();
}

/** The fields of an answer that an expectation names. */
export function only(answer: Answer, expected: Partial<Answer>): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...answer };
  return Object.fromEntries(Object.keys(expected).map((field) => [field, fields[field]]));
}
