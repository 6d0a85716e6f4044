/**
 * Time as an argument. Durations come from the monotonic side alone; the wall side only anchors a schedule.
 */
export interface Clock {
  /** Monotonic now in integer microseconds; only differences mean anything. */
  nowUs(): number;
  /** Wall time in milliseconds since the epoch. */
  nowEpochMs(): number;
  /** Calls `fire` once at a monotonic time or soon after, never before; the answer cancels it. */
  callAt(atUs: number, fire: () => void): () => void;
  /** Settles at a monotonic time, or as soon as `signal` is aborted; never rejects. */
  sleepUntil(atUs: number, signal?: AbortSignal): Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. All threads and processes of one machine share its monotonic side. */
export function systemClock(): Clock {
  const originUs = threadOriginUs();
  const nowUs = () => Math.round(originUs + performance.now() * 1000);
  const callAt = (atUs: number, fire: () => void) => {
    // Node cuts fractions off and counts from when its loop last woke: a timer can fire early, but never may.
    const arm = () => setTimeout(check, Math.min(longestTimerMs, Math.max(0, Math.ceil((atUs - nowUs()) / 1000))));
    const check = () => {
      if (nowUs() < atUs) timer = arm();
      else fire();
    };
    let timer = arm();
    return () => clearTimeout(timer);
  };
  return {
    nowUs,
    nowEpochMs: () => Date.now(),
    callAt,
    sleepUntil: (atUs, signal) => sleep(callAt, atUs, signal),
  };
}

const originReadings = 20;

/**
 * The machine's monotonic microsecond at which performance.now() was 0: it starts at each thread's birth. Of several
 * readings the quickest counts: a thread's first ones take milliseconds, and would set its clock back by as much.
 */
function threadOriginUs(): number {
  let quickestMs = Number.POSITIVE_INFINITY;
  let originUs = 0;
  for (let reading = 0; reading < originReadings; reading++) {
    const beforeMs = performance.now();
    const machineUs = Number(process.hrtime.bigint()) / 1000;
    const tookMs = performance.now() - beforeMs;
    if (tookMs >= quickestMs) continue;
    quickestMs = tookMs;
    originUs = machineUs - (beforeMs + tookMs / 2) * 1000;
  }
  return originUs;
}

/** A sleep made of an appointment; also what a virtual clock sleeps by. */
export function sleep(callAt: Clock['callAt'], atUs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = callAt(atUs, () => {
    signal?.removeEventListener('abort', wake);
    resolve();
  });
  const wake = () => {
    cancel();
    resolve();
  };
  signal?.addEventListener('abort', wake, { once: true });
  return promise;
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
