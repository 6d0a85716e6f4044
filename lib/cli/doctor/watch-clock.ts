import type { Clock } from '../../timing/clock.ts';

/** How the wall clock went beside the monotonic one. */
export interface ClockWatch {
  readonly overMs: number;
  /** What the wall clock gained, negative what it lost, in milliseconds. */
  readonly driftMs: number;
  /** The largest jump between two looks, in milliseconds. */
  readonly jumpMs: number;
  /** The smallest step that the monotonic clock was seen to take, in microseconds. */
  readonly stepUs: number;
}

const lookEveryMs = 10;
/** The wall clock has whole milliseconds: the mean of so many looks has finer ones. */
const looksAtAnEnd = 20;
/** A look that took longer was interrupted between its two readings. */
const longestLookUs = 200;

/** Looks at both clocks a hundred times a second, for so long. */
export async function watchClock(clock: Clock, overMs: number): Promise<ClockWatch> {
  const aheadMs: number[] = [];
  const untilUs = clock.nowUs() + overMs * 1000;
  while (clock.nowUs() < untilUs) {
    const look = lookAt(clock);
    if (look !== null) aheadMs.push(look);
    await clock.sleepUntil(clock.nowUs() + lookEveryMs * 1000);
  }
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const jumps = aheadMs.slice(1).map((ahead, index) => Math.abs(ahead - (aheadMs[index] ?? ahead)));
  return {
    overMs,
    driftMs: mean(aheadMs.slice(-looksAtAnEnd)) - mean(aheadMs.slice(0, looksAtAnEnd)),
    jumpMs: Math.max(0, ...jumps),
    stepUs: smallestStepUs(clock),
  };
}

function lookAt(clock: Clock): number | null {
  const beforeUs = clock.nowUs();
  const epochMs = clock.nowEpochMs();
  const afterUs = clock.nowUs();
  return afterUs - beforeUs > longestLookUs ? null : epochMs - (beforeUs + afterUs) / 2000;
}

const readings = 2000;

/** Infinite where the clock stood still all the while. */
function smallestStepUs(clock: Clock): number {
  let smallest = Number.POSITIVE_INFINITY;
  let beforeUs = clock.nowUs();
  for (let reading = 0; reading < readings; reading++) {
    const nowUs = clock.nowUs();
    if (nowUs > beforeUs) smallest = Math.min(smallest, nowUs - beforeUs);
    beforeUs = nowUs;
  }
  return smallest;
}
