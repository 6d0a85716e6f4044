import type { Measured } from '../timing/metrics.ts';
import type { Outcome } from '../timing/outcome.ts';

/** Where a request lies in its stage: due before the window, in it, or after it. */
export const phases = ['warm_up', 'cohort', 'after'] as const;

export type Phase = (typeof phases)[number];

/** Where a token count comes from. */
export type TokenSource = 'usage' | 'tokenizer';

/** The window is cut into this many equal slices for intervals and for the report's course of a stage. */
export const slicesPerWindow = 20;

/**
 * One request, `paretoken.record.v1`. Stamps are integer microseconds since the stage's start on the worker's
 * monotonic clock. Readers ignore fields that they do not know.
 */
export interface RequestRecord extends Measured {
  /** Ours, unique within the sweep: `s0003-w0001-17-42` is stage 3, worker 1, stream 17, its 42nd request. */
  readonly requestId: string;
  /** The endpoint's own id of the request, from its headers. */
  readonly endpointRequestId: string | null;
  /** The endpoint's own id of the answer. */
  readonly endpointId: string | null;
  readonly worker: number;
  readonly stream: number;
  /** The ordinal of the request on its stream, from 0. */
  readonly ordinal: number;
  readonly phase: Phase;
  readonly outcome: Outcome;
  readonly outcomeDetail: string | null;
  /** Foreign text, at most 200 characters, scrubbed of secrets. */
  readonly message: string | null;
  readonly httpStatus: number | null;
  readonly retryAfterMs: number | null;
  readonly finishReason: string | null;
  readonly model: string | null;
  readonly modelChanged: boolean;
  /** What this request asked for; null of a prompt that was sent as it is, whose length only the endpoint knows. */
  readonly askedInputTokens: number | null;
  readonly askedOutputTokens: number;
  readonly inputTokens: number | null;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly tokenSource: TokenSource | null;
  readonly tokensInFirstEvent: number | null;
  readonly tokenEvents: number;
  readonly events: number;
  readonly coalescedEvents: number;
  readonly malformedEvents: number;
  readonly unterminated: boolean;
  /** Gaps between consecutive token events in microseconds; 0 for events of one read. */
  readonly tokenGapsUs: readonly number[];
  /** Output tokens that arrived in the window, the answer's tokens spread evenly over its token events. */
  readonly windowTokens: number | null;
  /** The same by equal slices of the window. */
  readonly windowTokensBySlice: readonly number[] | null;
  readonly socketReused: boolean | null;
  /** The request opened its own socket inside the window. */
  readonly coldConnection: boolean;
  readonly tcpMs: number | null;
  readonly tlsMs: number | null;
  readonly protocol: string | null;
  readonly remoteAddress: string | null;
}
