import type { Tempo } from './assignment.ts';

/** What the platform on which a sweep runs allows. */
export interface PlatformLimits {
  /** Longest that one worker may run, in milliseconds. */
  readonly workerMs: number;
  /** Longest that the durable execution of a sweep may run, in milliseconds. */
  readonly executionMs: number;
  /** Most operations of one durable execution. */
  readonly operations: number;
  /** Most bytes of an event that starts a worker. */
  readonly eventBytes: number;
}

/** AWS Lambda's, but for the two limits of time, which the stack sets. */
export const lambdaLimits = { operations: 3000, eventBytes: 1024 * 1024 } as const;

/** After a stage's stop a worker still settles, stores its last records and writes its receipt. */
const afterStopMs = 30_000;

/** The longest that a stage may last from its start to its stop; null without limits. */
export function longestStageMs(limits: PlatformLimits | null, { leadMs }: Tempo): number | null {
  return limits && limits.workerMs - leadMs - afterStopMs;
}

/** How long to wait before the n-th look (from 0) at the receipts of a stage that is over: ever longer. */
export function collectWaitMs({ collectMs, watchMs }: Tempo, looks: number): number {
  return Math.min(collectMs * 2 ** Math.min(looks, 20), Math.max(watchMs, collectMs));
}

/** Looks at the receipts of a stage, at most: while its window is open, then until the grace is over. */
export function mostLooks(tempo: Tempo, untilWindowEndsMs: number, drainMs: number): number {
  let looks = Math.ceil(untilWindowEndsMs / tempo.watchMs);
  for (let waitedMs = 0, after = 0; waitedMs < drainMs + tempo.graceMs; after++, looks++) {
    waitedMs += collectWaitMs(tempo, after);
  }
  return looks + 1;
}

/** Longer than a sweep of so many stages can take that ends within its minutes, if it has any. */
export function longestSweepMs(
  { stages, minutes }: { readonly stages: number; readonly minutes: number | null },
  { workerMs }: Pick<PlatformLimits, 'workerMs'>,
  { graceMs }: Tempo,
): number {
  const stageMs = workerMs + graceMs;
  // The probe, a level that runs again, and what lies between stages.
  const byStages = (stages + 3) * stageMs;
  return minutes === null ? byStages : Math.min(byStages, minutes * 60_000 + 2 * stageMs);
}

/** Minutes for which longestSweepMs, whatever the stages, still is within the life of the durable execution. */
export function mostMinutes({ workerMs, executionMs }: PlatformLimits, { graceMs }: Tempo): number {
  return Math.max(0, Math.floor((executionMs - 2 * (workerMs + graceMs)) / 60_000));
}
