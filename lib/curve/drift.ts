import { comparison } from './apart.ts';
import type { Drift } from './curve.ts';
import type { Point } from './point.ts';

/**
 * Whether the first level came out the same at the end: `drifted` when throughput or p50 latency is more than 10 % apart
 * with disjoint intervals; `unknown` when that can't be told, as of a void point.
 */
export function driftOf(first: Point | null, again: Point | null): Drift {
  if (again === null) return 'not_checked';
  if (first === null || first.validity.state === 'void' || again.validity.state === 'void') return 'unknown';
  const results = [
    comparison(first.outputTokensPerSecond, again.outputTokensPerSecond),
    comparison(p50Latency(first), p50Latency(again)),
  ];
  if (results.includes('apart')) return 'drifted';
  return results.includes('unknown') ? 'unknown' : 'none';
}

const p50Latency = ({ latencyMs }: Point) => ({ value: latencyMs.p50, ci: latencyMs.ci.p50 });
