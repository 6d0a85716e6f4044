import { isColumn, isList, meanLength } from '../spec/lengths.ts';
import type { Workload, WorkloadFile } from '../spec/workload.ts';
import { type ChatMessage, type Row, rowOf } from './row.ts';

/** The rows of a file, or everything that is wrong with it, each fault with its line. */
export type ParsedRows = { readonly rows: readonly Row[] } | { readonly faults: readonly string[] };

/** Bounds of a file: every worker holds all of it. */
export const fileBounds = { bytes: 32 * 2 ** 20, rows: 100_000 } as const;

const newline = 10;
const carriageReturn = 13;

/** Reads a file with a JSON object a line; empty lines are passed over. */
export function parseRows(bytes: Uint8Array, workload: Pick<Workload, 'inputTokens' | 'outputTokens'>): ParsedRows {
  if (bytes.length > fileBounds.bytes) {
    return { faults: [`has ${bytes.length.toLocaleString('en')} bytes, more than ${fileBounds.bytes / 2 ** 20} MiB`] };
  }
  const rows: Row[] = [];
  const faults: string[] = [];
  for (const { line, text } of linesOf(bytes)) {
    const row = text === null ? ['is no UTF-8'] : readRow(text, workload);
    if (!Array.isArray(row)) rows.push(row as Row);
    else for (const fault of row) faults.push(`line ${line} ${fault}`);
  }
  if (rows.length > fileBounds.rows)
    faults.push(`has ${rows.length} rows, more than ${fileBounds.rows.toLocaleString('en')}`);
  if (rows.length === 0 && faults.length === 0) faults.push('has no row');
  return faults.length > 0 ? { faults } : { rows };
}

function readRow(text: string, workload: Pick<Workload, 'inputTokens' | 'outputTokens'>): Row | readonly string[] {
  try {
    return rowOf(JSON.parse(text), workload);
  } catch {
    return ['is no JSON'];
  }
}

/** The lines that hold something, numbered from 1; null for one that is no text. */
function* linesOf(bytes: Uint8Array): Generator<{ readonly line: number; readonly text: string | null }> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    const cut = bytes[end - 1] === carriageReturn && end > start ? end - 1 : end;
    const text = decoded(decoder, bytes.subarray(start, cut));
    if (text === null || text.trim() !== '') yield { line, text };
    start = end + 1;
  }
}

/** A byte order mark at the beginning is left out by the decoder. */
function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** What the plan needs to know of rows; the length of prompts as they are is estimated at four characters a token. */
export function factsOf(
  rows: readonly Row[],
  { outputTokens }: Pick<Workload, 'outputTokens'>,
): Omit<WorkloadFile, 'name' | 'sha256'> {
  const ofWorkload =
    outputTokens === null || isColumn(outputTokens) || isList(outputTokens) ? 1 : meanLength(outputTokens);
  return {
    rows: rows.length,
    prompts: rows.filter(({ messages }) => messages !== null).length,
    inputTokens: mean(
      rows.map(({ messages, inputTokens }) => inputTokens ?? Math.ceil(characters(messages ?? []) / 4)),
    ),
    outputTokens: mean(rows.map((row) => row.outputTokens ?? ofWorkload)),
  };
}

function mean(values: readonly number[]): number {
  return Math.max(1, Math.round(values.reduce((sum, value) => sum + value, 0) / values.length));
}

const characters = (messages: readonly ChatMessage[]) => textsOf(messages).reduce((sum, text) => sum + text.length, 0);

/** Words of a chat's texts. */
export function wordsIn(messages: readonly ChatMessage[]): number {
  return textsOf(messages).reduce((words, text) => words + text.split(/\s+/).filter(Boolean).length, 0);
}

/** The texts of a chat, those in parts of a message included. */
function textsOf(messages: readonly ChatMessage[]): readonly string[] {
  return messages.flatMap(({ content }) => {
    if (typeof content === 'string') return [content];
    const parts: readonly unknown[] = Array.isArray(content) ? content : [];
    return parts.flatMap((part) => {
      const text: unknown = Reflect.get(Object(part), 'text');
      return typeof text === 'string' ? [text] : [];
    });
  });
}
