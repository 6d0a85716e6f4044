import { setTimeout as delay } from 'node:timers/promises';

/**
 * Time as an argument. Durations come from the monotonic side alone; the wall side only anchors a schedule.
 */
export interface Clock {
  /** Monotonic now in integer microseconds; only differences mean anything. */
  nowUs(): number;
  /** Wall time in milliseconds since the epoch. */
  nowEpochMs(): number;
  /** Calls `fire` once at a monotonic time (at once if it has passed); the answer cancels it. */
  callAt(atUs: number, fire: () => void): () => void;
  /** Settles at a monotonic time, or as soon as `signal` is aborted; never rejects. */
  sleepUntil(atUs: number, signal?: AbortSignal): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. All threads and processes of one machine share its monotonic side. */
export function systemClock(): Clock {
  // performance.now() starts at each thread's birth; the offset to the machine's monotonic clock is constant.
  const originUs = Number(process.hrtime.bigint() / 1000n) - performance.now() * 1000;
  const nowUs = () => Math.round(originUs + performance.now() * 1000);
  const msUntil = (atUs: number) => Math.min(longestTimerMs, Math.max(0, (atUs - nowUs()) / 1000));
  return {
    nowUs,
    nowEpochMs: () => Date.now(),
    callAt(atUs, fire) {
      const timer = setTimeout(fire, msUntil(atUs));
      return () => clearTimeout(timer);
    },
    async sleepUntil(atUs, signal) {
      await delay(msUntil(atUs), undefined, signal ? { signal } : {}).catch(() => undefined);
    },
  };
}

/** Where wall time and monotonic time met once, so that a schedule in wall time can be kept by the monotonic clock. */
export interface ClockAnchor {
  readonly epochMs: number;
  readonly monotonicUs: number;
}

export function anchorOf(clock: Clock): ClockAnchor {
  return { epochMs: clock.nowEpochMs(), monotonicUs: clock.nowUs() };
}

/** The monotonic microsecond at which the wall clock, as it ran at the anchor, shows `epochMs`. */
export function monotonicAt(anchor: ClockAnchor, epochMs: number): number {
  return anchor.monotonicUs + Math.round((epochMs - anchor.epochMs) * 1000);
}
