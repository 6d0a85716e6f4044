import type { Interval } from '../plan/verdict.ts';
import { areDisjoint } from './interval.ts';

/** A figure with its 95 % interval. */
export interface Figure {
  readonly value: number | null;
  readonly ci: Interval;
}

/** Figures this much apart, with intervals that share no value, are not the same. */
export const apartLimit = 0.1;

/** |second − first| ÷ first; null where it can't be told. */
export function relativeChange(first: Figure, second: Figure): number | null {
  if (first.value === null || second.value === null) return null;
  if (first.value === second.value) return 0;
  return first.value > 0 ? Math.abs(second.value - first.value) / first.value : null;
}

/**
 * Whether two figures are more than 10 % apart with disjoint intervals; `unknown` when a figure is missing, or when they
 * are apart and an interval is missing.
 */
export function comparison(first: Figure, second: Figure): 'same' | 'apart' | 'unknown' {
  const change = relativeChange(first, second);
  if (change === null) return 'unknown';
  if (change <= apartLimit) return 'same';
  if (areDisjoint(first.ci, second.ci)) return 'apart';
  return [...first.ci, ...second.ci].includes(null) ? 'unknown' : 'same';
}
