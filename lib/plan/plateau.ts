import type { Verdict } from './verdict.ts';

/** Throughput that rises by less than 10 % at a doubling: the elasticity Δln T ÷ Δln L of a step is below ln 1.1 ÷ ln 2. */
const risingElasticity = Math.log(1.1) / Math.LN2;

const stepsInARow = 2;

/** The levels between which throughput no longer rose. */
export interface Plateau {
  readonly from: number;
  readonly to: number;
}

/**
 * The plateau on which a rising series of levels ends: its last two steps both have an elasticity below the limit. Each
 * level counts by its newest verdict; void ones, and those without throughput, make no step.
 */
export function plateauOf(verdicts: readonly Verdict[]): Plateau | null {
  const newest = new Map<number, number>();
  for (const { level, state, outputTokensPerSecond } of verdicts) {
    if (state !== 'void' && outputTokensPerSecond !== null && outputTokensPerSecond > 0) {
      newest.set(level, outputTokensPerSecond);
    }
  }
  const last = [...newest].sort(([a], [b]) => a - b).slice(-(stepsInARow + 1));
  if (last.length <= stepsInARow) return null;
  const isFlat = last.every(([level, rate], index) => {
    const [before, rateBefore] = last[index - 1] ?? [level, rate];
    return index === 0 || Math.log(rate / rateBefore) / Math.log(level / before) < risingElasticity;
  });
  return isFlat ? { from: last[0]?.[0] ?? 0, to: last.at(-1)?.[0] ?? 0 } : null;
}
