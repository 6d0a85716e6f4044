import type { Spec } from '../spec/schema.ts';
import { isParity } from './pass.ts';
import type { Load } from './run-order.ts';

/** Latencies to expect at a level, in milliseconds. */
export interface ExpectedLatency {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface StageTimes {
  readonly warmUpMs: number;
  readonly windowMs: number | null;
  readonly requestsPerStream: number | null;
  readonly drainMs: number;
  readonly rampMs: number;
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, Math.round(value)));

/**
 * Times of a stage. `auto`: warm-up 2 × p̂95 in [5 s, 120 s]; window max(12 × p̂50, 120 × p̂50 ÷ level) in [30 s, 300 s];
 * drain max(10 s, 3 × p̂95), at most the total deadline. Starts are spread over min(p̂50, half the warm-up). The drain
 * is cut to what the platform's longest stage leaves for it.
 */
export function stageTimes(
  spec: Pick<Spec, 'stage' | 'deadlines' | 'load'>,
  { level, pass }: Pick<Load, 'level' | 'pass'>,
  expected: ExpectedLatency,
  longestMs: number | null = null,
): StageTimes {
  const mostMs = longestMs ?? Number.POSITIVE_INFINITY;
  const { warmUp, measure, drain } = spec.stage;
  const totalMs = spec.deadlines.total;
  if (isParity(pass)) {
    const counted = countedTimes(spec.load.notebook?.requestsPerStream ?? 1, totalMs, mostMs);
    return { ...counted, rampMs: notebookStaggerMs * level };
  }
  if (typeof measure === 'object') return countedTimes(measure.requestsPerStream, totalMs, mostMs);
  const warmUpMs = warmUp === 'auto' ? clamp(2 * expected.p95Ms, 5_000, 120_000) : warmUp;
  const windowMs =
    measure === 'auto'
      ? clamp(Math.max(12 * expected.p50Ms, (120 * expected.p50Ms) / level), 30_000, 300_000)
      : measure;
  const wantedDrainMs =
    drain === 'auto' ? Math.min(Math.max(10_000, Math.round(3 * expected.p95Ms)), spec.deadlines.total) : drain;
  const drainMs = Math.min(wantedDrainMs, Math.max(0, mostMs - warmUpMs - windowMs));
  return {
    warmUpMs,
    windowMs,
    requestsPerStream: null,
    drainMs,
    rampMs: Math.round(Math.min(expected.p50Ms, warmUpMs / 2)),
  };
}

/** Databricks' notebook starts its streams so long after each other. */
const notebookStaggerMs = 10;

/** A counted stage runs no longer than this, whatever its deadlines allow. */
const longestCountedMs = 24 * 3_600_000;

/** Without warm-up or ramp; it may take as long as k requests in a row may. */
function countedTimes(requestsPerStream: number, totalDeadlineMs: number, mostMs: number): StageTimes {
  const drainMs = Math.min(requestsPerStream * totalDeadlineMs, longestCountedMs, mostMs);
  return { warmUpMs: 0, windowMs: null, requestsPerStream, drainMs, rampMs: 0 };
}

/** Latencies seen at one level, carried to another: × min(4, max(1, level ÷ the level seen)). */
export function scaleLatency(seen: ExpectedLatency & { readonly level: number }, level: number): ExpectedLatency {
  const factor = Math.min(4, Math.max(1, level / seen.level));
  return { p50Ms: seen.p50Ms * factor, p95Ms: seen.p95Ms * factor };
}

/** An answer is not taken to be quicker than by this factor because it is shorter: reading the prompt takes time too. */
const leastScale = 0.25;

/** How much longer answers of so many tokens are taken to last than those that were seen: as their lengths. */
export function latencyScale(seenTokens: number, tokens: number): number {
  return Math.max(leastScale, tokens / seenTokens);
}
