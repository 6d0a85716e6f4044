import type { RequestRecord } from '../../lib/record/request-record.ts';

/**
 * An ok answer of four tokens, one every 100 ms, the first 200 ms after the send at one second; due a millisecond
 * before. Its window is [0 s, 20 s), so that all tokens fall into the second slice.
 */
export const plainRequest: RequestRecord = {
  requestId: 's0001-w0000-0-0',
  endpointRequestId: null,
  endpointId: null,
  worker: 0,
  stream: 0,
  ordinal: 0,
  phase: 'cohort',
  outcome: 'ok',
  outcomeDetail: null,
  message: null,
  httpStatus: 200,
  retryAfterMs: null,
  finishReason: 'length',
  model: null,
  modelChanged: false,
  dueUs: 999_000,
  sentUs: 1_000_000,
  headersUs: 1_100_000,
  firstEventUs: 1_150_000,
  firstTokenUs: 1_200_000,
  firstVisibleTokenUs: 1_200_000,
  lastTokenUs: 1_500_000,
  endUs: 1_510_000,
  settledUs: 1_510_000,
  streamed: true,
  buffered: false,
  askedInputTokens: 100,
  askedOutputTokens: 4,
  inputTokens: 100,
  cachedInputTokens: null,
  outputTokens: 4,
  reasoningTokens: null,
  streamedTokens: 4,
  tokenSource: 'usage',
  tokensInFirstEvent: null,
  tokenReads: 4,
  tokenEvents: 4,
  events: 6,
  coalescedEvents: 0,
  malformedEvents: 0,
  unterminated: false,
  tokenGapsUs: [100_000, 100_000, 100_000],
  windowTokens: 4,
  windowTokensBySlice: [0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  socketReused: true,
  coldConnection: false,
  tcpMs: null,
  tlsMs: null,
  protocol: 'http/1.1',
  remoteAddress: '127.0.0.1',
};

/** The plain request with other values. */
export function request(values: Partial<RequestRecord>): RequestRecord {
  return { ...plainRequest, ...values };
}
