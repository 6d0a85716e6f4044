import type { Spec } from '../spec/schema.ts';
import type { ExpectedLatency, StageTimes } from './stage-times.ts';

export interface TimesToFit {
  readonly times: StageTimes;
  /** What is given by hand is never cut. */
  readonly asked: Spec['stage'];
  readonly expected: ExpectedLatency;
  /** From the stage's start on. */
  readonly mostMs: number;
}

/** No automatic window is shorter, cut or not. */
const leastWindowMs = 30_000;

/**
 * Cuts a stage to the time that is left for it: first the drain, down to half of what `auto` would take, then the window,
 * down to half but 30 s at least. A counted stage keeps as long as its requests are expected to take. Null where that is
 * not enough.
 */
export function fitTimes({ times, asked, expected, mostMs }: TimesToFit): StageTimes | null {
  if (times.windowMs === null) {
    const expectedMs = (times.requestsPerStream ?? 0) * expected.p95Ms;
    return expectedMs > mostMs ? null : { ...times, drainMs: Math.min(times.drainMs, mostMs) };
  }
  const { warmUpMs, windowMs, drainMs } = times;
  const overMs = Math.max(0, warmUpMs + windowMs + drainMs - mostMs);
  const offDrainMs = asked.drain === 'auto' ? Math.min(overMs, Math.floor(drainMs / 2)) : 0;
  const shortestMs = Math.max(leastWindowMs, Math.ceil(windowMs / 2));
  const offWindowMs = asked.measure === 'auto' ? Math.min(overMs - offDrainMs, Math.max(0, windowMs - shortestMs)) : 0;
  if (overMs > offDrainMs + offWindowMs) return null;
  return { ...times, windowMs: windowMs - offWindowMs, drainMs: drainMs - offDrainMs };
}
