import type { Stage } from '../plan/stage.ts';
import { type ClockAnchor, monotonicAt } from '../timing/clock.ts';

/** A stage's schedule on a worker's monotonic clock. */
export interface MonotonicSchedule {
  readonly startsUs: number;
  readonly windowStartsUs: number;
  /** Null of a counted stage. */
  readonly windowEndsUs: number | null;
  readonly stopsUs: number;
}

export function monotonicSchedule(stage: Stage, anchor: ClockAnchor): MonotonicSchedule {
  return {
    startsUs: monotonicAt(anchor, stage.startsAtEpochMs),
    windowStartsUs: monotonicAt(anchor, stage.windowStartsAtEpochMs),
    windowEndsUs: stage.windowEndsAtEpochMs === null ? null : monotonicAt(anchor, stage.windowEndsAtEpochMs),
    stopsUs: monotonicAt(anchor, stage.stopsAtEpochMs),
  };
}
