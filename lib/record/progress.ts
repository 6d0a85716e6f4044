/** A worker's running account of a stage, `paretoken.progress.v1`, overwritten as it goes on. */
export interface Progress {
  readonly schema: 'paretoken.progress.v1';
  readonly worker: number;
  readonly atEpochMs: number;
  readonly inFlight: number;
  /** Requests finished since the stage's start. */
  readonly ok: number;
  readonly failed: number;
  /** Output tokens of requests finished since the progress before, per second. */
  readonly outputTokensPerSecond: number | null;
  /** Median over the requests finished since the progress before. */
  readonly ttftP50Ms: number | null;
  /** Of a probe whose endpoint says that it is not ready: since when, and until when it is waited for. */
  readonly notReady?: { readonly sinceEpochMs: number; readonly untilEpochMs: number };
}
