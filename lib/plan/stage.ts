import type { Pass } from './pass.ts';

/** What a stage is for. `drift` repeats the first level at the end and is never on the curve. */
export type StageKind = 'probe' | 'load' | 'drift';

/** The cell of the grid of lengths that a stage measures, in tokens. */
export interface Cell {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A stage as it is decided: everything but when. */
export interface StageDesign {
  /** Ordinal of execution, never reused; stage 0 is the probe. */
  readonly stage: number;
  readonly kind: StageKind;
  /** Parallel requests held. */
  readonly level: number;
  /** How often this level was run before: 0 for the first time. */
  readonly repeat: number;
  readonly cell: Cell;
  /** Of a sweep in the passes of Databricks' notebook; null of any other, and of the probe. */
  readonly pass: Pass | null;
  readonly warmUpMs: number;
  /** Null: the stage is counted in requests, and its window is known when it is over. */
  readonly windowMs: number | null;
  /** Each stream's first so many requests are the cohort; null: the stage is held for a time. */
  readonly requestsPerStream: number | null;
  /** After the window; of a counted stage the longest that the whole stage may take. */
  readonly drainMs: number;
  /** The streams' first requests are spread evenly over this time. */
  readonly rampMs: number;
  readonly workers: number;
}

/** A stage with its schedule, `paretoken.stage.v1`: fixed once, the same for every worker. */
export interface Stage extends StageDesign {
  readonly schema: 'paretoken.stage.v1';
  readonly sweepId: string;
  readonly startsAtEpochMs: number;
  readonly windowStartsAtEpochMs: number;
  /** Null of a counted stage. */
  readonly windowEndsAtEpochMs: number | null;
  /** Hard: no byte is sent after it. */
  readonly stopsAtEpochMs: number;
  /** The process that ran the sweep died or was stopped before the stage had ended, and the stage does not count. */
  readonly cutOff?: true;
}

/** Fixes when a designed stage happens: from `startsAtEpochMs` warm-up, window (if timed) and drain follow each other. */
export function scheduleStage(sweepId: string, design: StageDesign, startsAtEpochMs: number): Stage {
  const windowStartsAtEpochMs = startsAtEpochMs + design.warmUpMs;
  const windowEndsAtEpochMs = design.windowMs === null ? null : windowStartsAtEpochMs + design.windowMs;
  return {
    schema: 'paretoken.stage.v1',
    sweepId,
    ...design,
    startsAtEpochMs,
    windowStartsAtEpochMs,
    windowEndsAtEpochMs,
    stopsAtEpochMs: (windowEndsAtEpochMs ?? windowStartsAtEpochMs) + design.drainMs,
  };
}

/** Receipts that are missing are waited for, and a stage that is over is reduced, within this time. */
const afterStopMs = 60_000;

/**
 * How long a stage took, from its start until `nowEpochMs`. Of one that was cut off, and taken over by another process
 * much later, as long as it may have taken.
 */
export function tookMs({ startsAtEpochMs, stopsAtEpochMs }: Stage, nowEpochMs: number): number {
  return Math.min(Math.max(0, nowEpochMs - startsAtEpochMs), stopsAtEpochMs + afterStopMs - startsAtEpochMs);
}
