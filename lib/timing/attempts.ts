import type { Clock } from './clock.ts';

export interface AttemptOptions {
  readonly clock: Clock;
  /** Most attempts. */
  readonly attempts: number;
  /** All attempts and pauses together. */
  readonly withinMs: number;
  /** Whether a failure may pass by itself. */
  isPassing(error: unknown): boolean;
  /** In [0, 1): how much of half of each pause is taken. @default the clock's last digits */
  readonly chance?: () => number;
  /** Aborted when nobody waits for an answer any more. @default never */
  readonly leave?: AbortSignal;
}

/** No attempt had succeeded when the time was over; `cause` is the last failure, if there was one. */
export class OutOfTimeError extends Error {
  constructor(withinMs: number, options?: ErrorOptions) {
    super(`no answer within ${withinMs / 1000} s`, options);
    this.name = 'OutOfTimeError';
  }
}

const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Does a thing again while its failures may pass, with pauses that double from 100 ms to 5 s. An attempt that is under
 * way when the time is over is left to itself, its signal aborted.
 */
export async function attempted<T>(options: AttemptOptions, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, attempts, withinMs, isPassing, chance = () => (clock.nowUs() % 1000) / 1000, leave } = options;
  const over = new AbortController();
  const end = () => over.abort();
  const cancel = clock.callAt(clock.nowUs() + withinMs * 1000, end);
  if (leave?.aborted) end();
  leave?.addEventListener('abort', end, { once: true });
  let failure: unknown = null;
  try {
    for (let made = 1; ; made++) {
      try {
        return await unlessAborted(attempt(over.signal), over.signal);
      } catch (error) {
        if (!over.signal.aborted) failure = error;
        if (!over.signal.aborted && (made >= attempts || !isPassing(error))) throw error;
      }
      await clock.sleepUntil(clock.nowUs() + pauseUs(made, chance()), over.signal);
      if (over.signal.aborted) throw new OutOfTimeError(withinMs, failure === null ? undefined : { cause: failure });
    }
  } finally {
    cancel();
    leave?.removeEventListener('abort', end);
  }
}

/** Half of the pause is left to chance, so that those who failed together don't come back together. */
function pauseUs(made: number, chance: number): number {
  const longestUs = Math.min(longestPauseMs, firstPauseMs * 2 ** (made - 1)) * 1000;
  return Math.round(longestUs * (0.5 + chance / 2));
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
