/**
 * The moments of one request, in integer microseconds of the worker's monotonic clock. Null: it did not happen.
 */
export interface Stamps {
  /** The plan said that it should be sent; in a closed loop: its stream became free and any pause was over. */
  readonly dueUs: number;
  /** The request starts on a connected socket. */
  readonly sentUs: number | null;
  /** Status and headers arrived. */
  readonly headersUs: number | null;
  /** First well-formed event of any kind. */
  readonly firstEventUs: number | null;
  /** First event with a non-empty text, reasoning or tool-argument payload (t1). */
  readonly firstTokenUs: number | null;
  /** First event with a non-empty text or tool argument. */
  readonly firstVisibleTokenUs: number | null;
  /** Last event with a non-empty payload (tn). */
  readonly lastTokenUs: number | null;
  /** Terminal event, else clean end of the body. */
  readonly endUs: number | null;
  /** The request left flight: its end, or the moment it failed, was cut or cancelled; null without `sentUs`. */
  readonly settledUs: number | null;
}
