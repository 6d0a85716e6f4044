/** How a request ended. Everything but `ok` counts as an error, save `cancelled`, which the run itself did. */
export const outcomes = [
  'ok',
  'stream_error',
  'truncated',
  'throttled',
  'http_error',
  'connect_error',
  'reset_before_headers',
  'bad_content_type',
  'timeout',
  'cancelled',
  'unknown',
] as const;

export type Outcome = (typeof outcomes)[number];

/** Which deadline passed; `drain` is the stage's own end, the others come from the spec. */
export type Deadline = 'connect' | 'first_token' | 'idle' | 'total' | 'drain';

/** The outcome of one request with what the endpoint or the system said about it. */
export interface Ending {
  readonly outcome: Outcome;
  /** The deadline that passed, the code of a connect error, or the provider's error type; else null. */
  readonly detail: string | null;
  /** At most 200 characters of the endpoint's or the system's own words; foreign text. */
  readonly message: string | null;
}

export const okEnding: Ending = { outcome: 'ok', detail: null, message: null };

/** Failed in the sense of the error rate: not ok and not cancelled by the run itself. */
export function isFailure(outcome: Outcome): boolean {
  return outcome !== 'ok' && outcome !== 'cancelled';
}
