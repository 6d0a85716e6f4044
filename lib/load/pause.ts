/** Failures in a row, without a success between, after which a stream gives up. */
export const failuresToGiveUp = 20;

const firstPauseMs = 500;
const longestPauseMs = 8000;
/** A server may ask for longer, but not for longer than anyone would wait. */
const longestRetryAfterMs = 300_000;

/**
 * How long a stream waits after its `failures`-th failure in a row (1 for the first): what `retry-after` asked for,
 * else half a second, doubling to eight.
 */
export function pauseMs(failures: number, retryAfterMs: number | null): number {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, longestRetryAfterMs);
  return Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 30), longestPauseMs);
}

/** A pause of one stream, in monotonic microseconds. */
export interface Pause {
  readonly fromUs: number;
  readonly toUs: number;
}

/** What of the pauses lies in a window. */
export function pausedSeconds(
  pauses: readonly Pause[],
  { startsUs, endsUs }: { readonly startsUs: number; readonly endsUs: number },
): number {
  const inside = ({ fromUs, toUs }: Pause) => Math.max(0, Math.min(toUs, endsUs) - Math.max(fromUs, startsUs));
  return pauses.reduce((sum, pause) => sum + inside(pause), 0) / 1e6;
}
