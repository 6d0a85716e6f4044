import type { Ending } from '../timing/outcome.ts';
import type { Usage } from './dialect.ts';

/** Everything one answer turned out to be, in monotonic microseconds and counts. */
export interface Answer {
  readonly ending: Ending;
  readonly httpStatus: number | null;
  readonly headersUs: number | null;
  readonly firstEventUs: number | null;
  readonly firstTokenUs: number | null;
  readonly firstVisibleTokenUs: number | null;
  readonly lastTokenUs: number | null;
  /** Terminal event, else clean end of the body; null when neither came. */
  readonly endUs: number | null;
  /** The answer was an event stream. */
  readonly streamed: boolean;
  /** Everything in one read though it held eight tokens or more. */
  readonly buffered: boolean;
  readonly usage: Usage;
  readonly reasoningSeen: boolean;
  /** n: output tokens, less the reasoning tokens if no reasoning event was seen; null when unknown. */
  readonly streamedTokens: number | null;
  /** Stamp of each token event, rising; events of one read share it. */
  readonly tokenEventUs: readonly number[];
  /**
   * Cumulative output tokens at each token event where the server's usage was cumulative in the stream, else null:
   * the tokens are then spread evenly.
   */
  readonly cumulativeTokens: readonly number[] | null;
  readonly tokensInFirstEvent: number | null;
  /** Reads that carried at least one token event. */
  readonly tokenReads: number;
  readonly events: number;
  /** Events that shared their read with an earlier event of the same answer. */
  readonly coalescedEvents: number;
  readonly malformedEvents: number;
  /** The last event lacked its blank line. */
  readonly unterminated: boolean;
  readonly finishReason: string | null;
  /** The endpoint's id of the request, as its headers tell it: what its operators ask for. */
  readonly endpointRequestId: string | null;
  /** The endpoint's id of the answer. */
  readonly endpointId: string | null;
  readonly model: string | null;
  readonly modelChanged: boolean;
  /** Milliseconds that `retry-after` asked for. */
  readonly retryAfterMs: number | null;
}
