import type { Knee } from './curve.ts';
import type { Point } from './point.ts';

/** A valid level of a curve with a throughput above 0. */
export interface ValidLevel {
  readonly level: number;
  readonly tokensPerSecond: number;
  /** Upper end of the throughput's interval. */
  readonly atMost: number | null;
}

/** The levels of points that are not void, rising; those without any throughput left out. */
export function validLevels(points: readonly Point[]): ValidLevel[] {
  return points
    .filter(({ validity }) => validity.state !== 'void')
    .flatMap(({ level, outputTokensPerSecond: { value, ci } }) =>
      value === null || value <= 0 ? [] : [{ level, tokensPerSecond: value, atMost: ci[1] }],
    )
    .sort((a, b) => a.level - b.level);
}

/**
 * The smallest valid level whose throughput is at least 1 ÷ (1 + share) of the highest. None below two valid levels, nor
 * while the top level is the highest and the elasticity Δln T ÷ Δln L of the step to it is at least ln(1 + share) ÷ ln 2.
 * Within noise when the interval of the level just below reaches that threshold.
 */
export function kneeOf(points: readonly Point[], share = 0.1): Knee {
  const levels = validLevels(points);
  const top = levels.at(-1);
  const before = levels.at(-2);
  if (!top || !before) return { level: null, reason: 'too_few_levels', withinNoise: false };
  const highest = Math.max(...levels.map(({ tokensPerSecond }) => tokensPerSecond));
  const stillRising = top.tokensPerSecond === highest && elasticity(before, top) >= Math.log1p(share) / Math.LN2;
  if (stillRising) return { level: null, reason: 'still_rising', withinNoise: false };
  const threshold = highest / (1 + share);
  const place = levels.findIndex(({ tokensPerSecond }) => tokensPerSecond >= threshold);
  const below = levels[place - 1]?.atMost ?? null;
  return { level: levels[place]?.level ?? null, reason: null, withinNoise: below !== null && below >= threshold };
}

function elasticity(from: ValidLevel, to: ValidLevel): number {
  return Math.log(to.tokensPerSecond / from.tokensPerSecond) / Math.log(to.level / from.level);
}
