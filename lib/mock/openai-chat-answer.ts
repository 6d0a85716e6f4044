import { openAiErrorObject, serverErrorWords } from './openai-error.ts';
import { type WordList, wordAt } from './word-list.ts';

export type FinishReason = 'length' | 'stop';

export interface ChatAnswerFacts {
  /** The answer's own id, as the client reads it. */
  readonly id: string;
  readonly model: string;
  readonly createdEpochSeconds: number;
  readonly words: WordList;
  /** Where in the list the answer begins. */
  readonly offset: number;
  readonly inputTokens: number;
  /** The last chunk tells usage, and the others say that it is null. */
  readonly includeUsage: boolean;
}

/** The bytes of one streamed answer, chunk by chunk. */
export interface StreamedChat {
  /** The first delta: a role and no text. */
  role(): Uint8Array;
  /** One token, one word. */
  token(index: number): Uint8Array;
  /** What follows the last of `tokens` tokens: the finish reason, usage if it was asked for. */
  tail(tokens: number, reason: FinishReason): Uint8Array;
}

export const doneEvent = Buffer.from('data: [DONE]\n\n');
export const commentLine = Buffer.from(': keep-alive\n\n');
export const errorEvent = Buffer.from(
  `data: ${JSON.stringify(openAiErrorObject({ ...serverErrorWords, message: 'The model failed in the middle of the answer.' }))}\n\n`,
);

/**
 * OpenAI's `chat.completion.chunk` grammar. What is the same in all chunks of an answer is written once, so that a
 * token costs one short concatenation.
 */
export function streamedChat(facts: ChatAnswerFacts): StreamedChat {
  const head = `data: ${openObject('chat.completion.chunk', facts)},"choices":[`;
  const noUsage = facts.includeUsage ? ',"usage":null' : '';
  const choice = (delta: string, reason: string) =>
    `${head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}]${noUsage}}\n\n`;
  const beforeWord = `${head}{"index":0,"delta":{"content":`;
  const afterWord = `},"logprobs":null,"finish_reason":null}]${noUsage}}\n\n`;
  const { words, offset } = facts;
  return {
    role: () => Buffer.from(choice('{"role":"assistant","content":"","refusal":null}', 'null')),
    token: (index) => Buffer.from(beforeWord + wordAt(words, offset, index) + afterWord),
    tail(tokens, reason) {
      const usage = facts.includeUsage ? `${head}],"usage":${usageOf(facts.inputTokens, tokens)}}\n\n` : '';
      return Buffer.from(choice('{}', `"${reason}"`) + usage);
    },
  };
}

/** The same answer in one piece, `includeUsage` or not with usage. */
export function wholeChat(facts: ChatAnswerFacts, tokens: number, reason: FinishReason): Uint8Array {
  const words = Array.from({ length: tokens }, (_, index) => wordAt(facts.words, facts.offset, index).slice(1, -1));
  const message = `{"role":"assistant","content":"${words.join('')}","refusal":null}`;
  const choice = `{"index":0,"message":${message},"logprobs":null,"finish_reason":"${reason}"}`;
  const usage = facts.includeUsage ? `,"usage":${usageOf(facts.inputTokens, tokens)}` : '';
  return Buffer.from(`${openObject('chat.completion', facts)},"choices":[${choice}]${usage}}`);
}

function openObject(kind: string, facts: ChatAnswerFacts): string {
  const { id, model, createdEpochSeconds: created } = facts;
  return JSON.stringify({ id, object: kind, created, model }).slice(0, -1);
}

function usageOf(inputTokens: number, outputTokens: number): string {
  return JSON.stringify({
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  });
}
