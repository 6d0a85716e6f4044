import { isRecord, type JsonRecord, textOf } from './json.ts';

/** What an endpoint says of its own failure; foreign text of any length. */
export interface ErrorWords {
  readonly type: string | null;
  readonly message: string;
  /** The endpoint turned the request away because there were too many. */
  readonly throttled: boolean;
}

const throttling = /^429$|rate.?limit|too.?many.?requests|throttl|resource.?exhausted|request.?limit.?exceeded/i;
const typeKeys = ['type', 'error_type', 'code', 'error_code', 'status'] as const;
const messageKeys = ['message', 'msg', 'detail', 'error_description', 'reason'] as const;

/**
 * The words of an error in the shapes that providers use: a string; `{message, type, code}`; that under `error`, with or
 * without a type beside it; a list of such. `raw` serves as the message where none is found.
 */
export function errorWords(value: unknown, raw: string): ErrorWords {
  const outer = Array.isArray(value) ? value[0] : value;
  const inner = isRecord(outer) && isError(outer['error']) ? outer['error'] : outer;
  const records = [inner, outer].filter(isRecord);
  const types = records.flatMap(typesOf);
  return {
    type: types.find((type) => type !== 'error') ?? null,
    message: textOf(inner) ?? first(records, messageOf) ?? raw,
    throttled: types.some((type) => throttling.test(type)),
  };
}

/** A value under `error` that means one: servers also send null, false or nothing in it where all is well. */
export function isError(value: unknown): boolean {
  if (isRecord(value)) return Object.keys(value).length > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function first<T>(records: readonly JsonRecord[], read: (record: JsonRecord) => T | null): T | null {
  for (const record of records) {
    const found = read(record);
    if (found !== null) return found;
  }
  return null;
}

function typesOf(record: JsonRecord): string[] {
  return typeKeys.flatMap((key) => {
    const value = record[key];
    return typeof value === 'number' ? [String(value)] : (textOf(value) ?? []);
  });
}

/** The first message of a record; a list of them (as of failed validation) by its first entry. */
function messageOf(record: JsonRecord): string | null {
  for (const key of messageKeys) {
    const value = record[key];
    const entry = Array.isArray(value) ? value[0] : value;
    const message = textOf(entry) ?? (isRecord(entry) ? (textOf(entry['message']) ?? textOf(entry['msg'])) : null);
    if (message !== null) return message;
  }
  return null;
}
