import type { Dialect, Signal, StreamEvent, TokenKind } from './dialect.ts';
import { errorWords, isError } from './error-words.ts';
import { isRecord, type JsonRecord, parseJson, textOf } from './json.ts';
import { deltaKinds } from './openai-delta.ts';
import { openaiBody, openaiEndpoint } from './openai-request.ts';
import { openaiUsage } from './openai-usage.ts';

/** Chat completions as OpenAI, Databricks, Azure, vLLM, SGLang, OpenRouter and others speak them. */
export const openaiChat: Dialect = {
  name: 'openai-chat',
  framing: 'sse',
  body: openaiBody,
  endpoint: openaiEndpoint,
  payloadKeys: ['content', 'reasoning_content', 'reasoning', 'text', 'arguments'],
  read: readEvent,
  readWhole,
};

const done: readonly Signal[] = [{ kind: 'done' }];
const malformed: readonly Signal[] = [{ kind: 'malformed' }];
const nothing: readonly Signal[] = [];
const token: Readonly<Record<TokenKind, Signal>> = {
  text: { kind: 'token', of: 'text' },
  reasoning: { kind: 'token', of: 'reasoning' },
  tool: { kind: 'token', of: 'tool' },
};

/** Reasons to stop that mean that the server gave up: DeepSeek's, and those of OpenRouter, vLLM and SGLang. */
const failedFinish = new Set(['insufficient_system_resource', 'error', 'abort']);

function readEvent({ type, data }: StreamEvent): readonly Signal[] {
  if (data.startsWith('[DONE]')) return done;
  const value = data === '' ? undefined : parseJson(data);
  if (type === 'error') return [{ kind: 'error', ...errorWords(value ?? data, data) }];
  if (data === '') return nothing;
  return isRecord(value) ? readAnswer(value, { raw: data, payload: 'delta' }) : malformed;
}

function readWhole(body: string): readonly Signal[] {
  const value = parseJson(body);
  const answer = Array.isArray(value) ? value[0] : value;
  if (!isRecord(answer)) return malformed;
  const choices = answer['choices'];
  const answered = saysError(answer) || (Array.isArray(choices) && choices.length > 0);
  return answered ? readAnswer(answer, { raw: body, payload: 'message' }) : malformed;
}

/** Where a choice keeps what it says, and the text that all of it was read from. */
interface Source {
  readonly raw: string;
  readonly payload: 'delta' | 'message';
}

/** A chunk of a stream or a whole answer. */
function readAnswer(value: JsonRecord, source: Source): readonly Signal[] {
  const signals: Signal[] = [];
  const id = textOf(value['id']);
  const model = textOf(value['model']);
  if (id !== null || model !== null) signals.push({ kind: 'identity', id, model });
  const choices = value['choices'];
  const list: readonly unknown[] = Array.isArray(choices) ? choices : [];
  const alone = list.length === 0;
  addUsage(signals, value['usage'], alone);
  // Groq reports it here.
  if (isRecord(value['x_groq'])) addUsage(signals, value['x_groq']['usage'], alone);
  if (saysError(value)) signals.push({ kind: 'error', ...errorWords(value, source.raw) });
  for (const choice of list) if (isRecord(choice)) addChoice(signals, choice, source);
  return signals;
}

/** `{error: …}`; `{type: "error"}`; vLLM's `{object: "error", message}`; Databricks' `{error_code, message}`. */
function saysError(value: JsonRecord): boolean {
  if (isError(value['error']) || value['type'] === 'error' || value['object'] === 'error') return true;
  return textOf(value['error_code']) !== null || typeof value['error_code'] === 'number';
}

function addUsage(signals: Signal[], value: unknown, alone: boolean): void {
  if (value === undefined || value === null) return;
  const usage = openaiUsage(value);
  if (usage !== null) signals.push({ kind: 'usage', usage, alone });
}

function addChoice(signals: Signal[], choice: JsonRecord, { raw, payload }: Source): void {
  const said = choice[payload];
  if (isRecord(said)) {
    for (const kind of deltaKinds(said)) signals.push(token[kind]);
    addUsage(signals, said['usage'], false);
  }
  // Completions of the older kind.
  if (textOf(choice['text']) !== null) signals.push(token.text);
  addUsage(signals, choice['usage'], false);
  const reason = textOf(choice['finish_reason']);
  if (reason !== null) signals.push({ kind: 'finish', reason });
  if (isError(choice['error'])) signals.push({ kind: 'error', ...errorWords(choice['error'], raw) });
  else if (reason !== null && failedFinish.has(reason)) signals.push(failureOf(reason));
}

function failureOf(reason: string): Signal {
  return {
    kind: 'error',
    type: reason,
    message: `the answer stopped with finish reason "${reason}"`,
    throttled: false,
  };
}
