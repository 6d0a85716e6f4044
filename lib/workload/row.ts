import { isColumn, type Lengths } from '../spec/lengths.ts';
import type { Workload } from '../spec/workload.ts';

/** A message of a chat as it is sent: a role, and whatever else the endpoint is to see. */
export type ChatMessage = Readonly<Record<string, unknown>>;

/** What one row of a file asks. */
export interface Row {
  /** Null: a synthetic prompt of `inputTokens`. */
  readonly messages: readonly ChatMessage[] | null;
  /** Null of prompts as they are, whose length only the endpoint knows. */
  readonly inputTokens: number | null;
  /** Null: the workload's own limit. */
  readonly outputTokens: number | null;
}

const longestInput = 2_000_000;
const longestOutput = 1_000_000;
const limitKeys = ['max_tokens', 'max_completion_tokens', 'outputTokens'] as const;

type Fields = Readonly<Record<string, unknown>>;

/** A row of a parsed line, or what is wrong with it: all of it, in words that follow the line's number. */
export function rowOf(
  value: unknown,
  workload: Pick<Workload, 'inputTokens' | 'outputTokens'>,
): Row | readonly string[] {
  if (!isFields(value)) return ['is no JSON object such as {"prompt": "…"}'];
  const column = columnOf(workload.inputTokens);
  const messages = column === null ? messagesOf(value) : null;
  const inputTokens = messages === null ? inputOf(value, column ?? 'inputTokens') : null;
  const outputTokens = limitOf(value, workload.outputTokens);
  const faults = [messages, inputTokens, outputTokens].filter((part) => typeof part === 'string');
  if (faults.length > 0) return faults;
  return { messages, inputTokens, outputTokens } as Row;
}

/** The chat of a row, null where it has none, or what is wrong with it. */
function messagesOf({ prompt, messages }: Fields): readonly ChatMessage[] | null | string {
  if (prompt !== undefined && messages !== undefined) return 'has both prompt and messages: keep one of them';
  if (prompt !== undefined) {
    if (typeof prompt !== 'string' || prompt === '') return 'has a prompt that is no text';
    return [{ role: 'user', content: prompt }];
  }
  if (messages === undefined) return null;
  if (!Array.isArray(messages) || messages.length === 0) return 'has messages that are no list of at least one';
  const wrong = messages.findIndex((message) => !isMessage(message));
  return wrong < 0 ? messages : `has in messages[${wrong}] no message such as {"role": "user", "content": "…"}`;
}

function isMessage(value: unknown): boolean {
  if (!isFields(value) || typeof value['role'] !== 'string' || value['role'] === '') return false;
  const content = value['content'];
  return typeof content === 'string' || content === null || content === undefined || Array.isArray(content);
}

function inputOf(fields: Fields, key: string): number | string {
  const value = fields[key];
  if (value !== undefined) return lengthFault(key, value, longestInput) ?? (value as number);
  return key === 'inputTokens'
    ? 'has neither prompt, messages nor inputTokens'
    : `has no ${JSON.stringify(key)}, which workload.inputTokens names`;
}

/** The row's own limit; null where it has none and the workload has. */
function limitOf(fields: Fields, ofWorkload: Lengths | null): number | null | string {
  const column = columnOf(ofWorkload);
  if (column !== null) {
    if (fields[column] === undefined) return `has no ${JSON.stringify(column)}, which workload.outputTokens names`;
    return lengthFault(column, fields[column], longestOutput) ?? (fields[column] as number);
  }
  const [key, other] = limitKeys.filter((name) => fields[name] !== undefined);
  if (key === undefined) {
    return ofWorkload === null ? 'has no max_tokens, and there is no workload.outputTokens for rows without' : null;
  }
  if (other !== undefined) return `has both ${key} and ${other}: keep one of them`;
  return lengthFault(key, fields[key], longestOutput) ?? (fields[key] as number);
}

function lengthFault(key: string, value: unknown, most: number): string | null {
  if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most) return null;
  return `has as ${JSON.stringify(key)} no whole number from 1 to ${most.toLocaleString('en')}`;
}

/** The column that a length is taken from; null where it is none. */
function columnOf(lengths: Lengths | null): string | null {
  return lengths !== null && isColumn(lengths) ? lengths.column : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
