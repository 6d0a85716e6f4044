import type { RequestRecord } from './request-record.ts';

/**
 * What a column holds. `us`: a stamp in microseconds, written as a double, which holds every integer up to 2^53
 * exactly (an int32 ends at 36 minutes, an int64 reads as BigInt). `count`: int32; `number`: double.
 */
export type ColumnKind = 'string' | 'boolean' | 'us' | 'count' | 'number' | 'counts' | 'numbers';

type KindOf<T> = T extends string
  ? 'string'
  : T extends boolean
    ? 'boolean'
    : T extends number
      ? 'us' | 'count' | 'number'
      : T extends readonly number[]
        ? 'counts' | 'numbers'
        : never;

/** A kind fit for the field, and `nullable` exactly where the field may be null. */
export interface Column<T = unknown> {
  readonly kind: KindOf<NonNullable<T>>;
  readonly nullable: null extends T ? true : false;
}

const required = <K extends ColumnKind>(kind: K) => ({ kind, nullable: false }) as const;
const optional = <K extends ColumnKind>(kind: K) => ({ kind, nullable: true }) as const;

/** The columns of a record file, in their order: `paretoken.record.v1`. */
export const recordColumns = {
  requestId: required('string'),
  endpointRequestId: optional('string'),
  endpointId: optional('string'),
  worker: required('count'),
  stream: required('count'),
  ordinal: required('count'),
  phase: required('string'),
  outcome: required('string'),
  outcomeDetail: optional('string'),
  message: optional('string'),
  httpStatus: optional('count'),
  retryAfterMs: optional('number'),
  finishReason: optional('string'),
  model: optional('string'),
  modelChanged: required('boolean'),
  dueUs: required('us'),
  sentUs: optional('us'),
  headersUs: optional('us'),
  firstEventUs: optional('us'),
  firstTokenUs: optional('us'),
  firstVisibleTokenUs: optional('us'),
  lastTokenUs: optional('us'),
  endUs: optional('us'),
  settledUs: optional('us'),
  streamed: required('boolean'),
  buffered: required('boolean'),
  askedInputTokens: optional('count'),
  askedOutputTokens: required('count'),
  inputTokens: optional('count'),
  cachedInputTokens: optional('count'),
  outputTokens: optional('count'),
  reasoningTokens: optional('count'),
  streamedTokens: optional('count'),
  tokenSource: optional('string'),
  tokensInFirstEvent: optional('number'),
  tokenReads: required('count'),
  tokenEvents: required('count'),
  events: required('count'),
  coalescedEvents: required('count'),
  malformedEvents: required('count'),
  unterminated: required('boolean'),
  tokenGapsUs: required('counts'),
  windowTokens: optional('number'),
  windowTokensBySlice: optional('numbers'),
  socketReused: optional('boolean'),
  coldConnection: required('boolean'),
  tcpMs: optional('number'),
  tlsMs: optional('number'),
  protocol: optional('string'),
  remoteAddress: optional('string'),
} as const satisfies { readonly [K in keyof RequestRecord]-?: Column<RequestRecord[K]> };

export type RecordColumn = keyof typeof recordColumns;

export const recordColumnNames = Object.keys(recordColumns) as readonly RecordColumn[];

export const schemaName = 'paretoken.record.v1';
