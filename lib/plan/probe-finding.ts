/** What the probe learned of the endpoint; it enters the plan of every later stage. */
export interface ProbeFinding {
  readonly ok: boolean;
  /** HTTP status of the last answer; null when none came. */
  readonly httpStatus: number | null;
  readonly streaming: boolean;
  /** The endpoint accepts being asked for usage in the stream. */
  readonly usageInStream: boolean;
  /** Where output counts come from; null: the endpoint sends none. */
  readonly tokenSource: 'usage' | null;
  readonly protocol: string | null;
  readonly remoteAddress: string | null;
  /** To look the name up and to connect, in milliseconds; null when no socket came up. */
  readonly tcpMs: number | null;
  /** Null also for plain HTTP. */
  readonly tlsMs: number | null;
  readonly model: string | null;
  /** Prompt tokens = intercept + slope × words. */
  readonly wordsToTokens: WordsToTokens;
  /** Tokens of the last answered prompt, as the endpoint counted them; null: it counts none. */
  readonly promptTokens: number | null;
  /** So many of the last prompts in a row had exactly the tokens asked for; null: that was not asked for. */
  readonly exactPrompts: number | null;
  /** Null: no answer told. */
  readonly reasoning: Reasoning | null;
  /** How long it answered that it was not ready (503) before it was; null: it was ready at once. */
  readonly waitedMs: number | null;
  /** Latency of each answered request in milliseconds, in order. */
  readonly latenciesMs: readonly number[];
  readonly ttftMs: number | null;
  /** Named doubts: `not_streamed`, `buffered`, `no_usage`, `usage_refused`. */
  readonly warnings: readonly ProbeWarning[];
  /** Of a failed probe: the outcome and the endpoint's own words (foreign text, scrubbed). */
  readonly failure: ProbeFailure | null;
}

/** Whether the model reasons: in tokens that stream, or in tokens that only its usage counts. */
export type Reasoning = 'none' | 'visible' | 'hidden';

export type ProbeWarning = 'not_streamed' | 'buffered' | 'no_usage' | 'usage_refused';

export interface ProbeFailure {
  /** Of the last request; or what the probe itself came to: `not_sent`, `not_exact`, `empty` (no answer held a token). */
  readonly outcome: string;
  readonly detail: string | null;
  readonly message: string | null;
}

/** A straight line from words of a prompt to tokens as the endpoint counts them. */
export interface WordsToTokens {
  readonly slope: number;
  readonly intercept: number;
}

/** A word each: what is assumed where the endpoint counts nothing. */
export const oneTokenPerWord: WordsToTokens = { slope: 1, intercept: 0 };
