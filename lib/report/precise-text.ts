import type { PreciseMetric, UntilPrecise } from '../spec/load.ts';
import { count, percent } from './format.ts';

/** As they stand in a sentence. */
export const metricWords: Readonly<Record<PreciseMetric, string>> = { latency: 'latency', ttft: 'TTFT', tpot: 'TPOT' };

/** `the p95 of latency is within ±5 %`. */
export function preciseText({ of, within }: UntilPrecise): string {
  return `the p95 of ${metricWords[of]} is within ±${percent(within)}`;
}

/** `1 to 5 runs`; `3 runs` where it may be no more. */
export function runsUntil(repeats: number, { most }: UntilPrecise): string {
  if (repeats === most) return `${count(most)} ${most === 1 ? 'run' : 'runs'}`;
  return `${count(repeats)} to ${count(most)} runs`;
}
