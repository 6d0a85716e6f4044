import type { Spec } from '../spec/schema.ts';
import type { Ended } from './ended.ts';
import { levelOrder } from './level-order.ts';
import { plateauOf } from './plateau.ts';
import { allLost, brokenOff } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** What the levels, or the search, ask for next. */
export type Next =
  | { readonly kind: 'level'; readonly level: number }
  /** The first level once more; `ended` is how the sweep ends after it. */
  | { readonly kind: 'drift'; readonly level: number; readonly ended: Ended }
  | { readonly kind: 'end'; readonly ended: Ended };

/** What comes next of given levels, after the verdicts of all stages but the probe. */
export function nextLevel(spec: Pick<Spec, 'load' | 'seed'>, stages: readonly Verdict[]): Next {
  const last = stages.at(-1);
  const broken = last ? brokenOff(last, stages) : null;
  if (broken !== null) return { kind: 'end', ended: broken };
  const runs = stages.filter(({ kind }) => kind === 'load');
  if (last && lostOnce(last, runs)) return { kind: 'level', level: last.level };
  const open = openLevels(levelOrder(spec), runs);
  const missed = spec.load.stopAt.includes('slo') ? lowestMissed(runs, open) : null;
  const [level] = missed === null ? open : open.filter((one) => one < missed);
  const ended = earlyEnd(spec, { runs, open, missed, level: level ?? null });
  if (ended === null && level !== undefined) return { kind: 'level', level };
  return driftOrEnd(spec, stages, ended ?? { reason: 'done', detail: null });
}

function lostOnce(last: Verdict, runs: readonly Verdict[]): boolean {
  if (last.kind !== 'load' || !allLost(last)) return false;
  return runs.filter((run) => run.level === last.level && allLost(run)).length === 1;
}

/** What is left of the order; a run whose workers were all lost does not count, once a level. */
function openLevels(order: readonly number[], runs: readonly Verdict[]): number[] {
  const counted = new Map<number, number>();
  const forgiven = new Set<number>();
  for (const run of runs) {
    if (allLost(run) && !forgiven.has(run.level)) forgiven.add(run.level);
    else counted.set(run.level, (counted.get(run.level) ?? 0) + 1);
  }
  return order.filter((level) => {
    const left = counted.get(level) ?? 0;
    counted.set(level, left - 1);
    return left <= 0;
  });
}

/** The lowest level that misses the SLO with all of its runs; higher ones need not be run. */
function lowestMissed(runs: readonly Verdict[], open: readonly number[]): number | null {
  const newest = new Map(runs.filter(({ state }) => state !== 'void').map((run) => [run.level, run.slo]));
  const missed = [...newest].filter(([level, slo]) => slo === 'missed' && !open.includes(level));
  return missed.length === 0 ? null : Math.min(...missed.map(([level]) => level));
}

interface Standing {
  readonly runs: readonly Verdict[];
  readonly open: readonly number[];
  readonly missed: number | null;
  readonly level: number | null;
}

/** The end that a stop rule brings; null when none does. */
function earlyEnd({ load }: Pick<Spec, 'load'>, { runs, open, missed, level }: Standing): Ended | null {
  if (missed !== null && level === null) {
    return { reason: 'slo', detail: `Level ${missed} misses the SLO.` };
  }
  const last = runs.at(-1);
  if (!load.stopAt.includes('plateau') || !last || open.includes(last.level)) return null;
  const plateau = plateauOf(runs);
  return (
    plateau && {
      reason: 'plateau',
      detail: `From ${plateau.from} to ${plateau.to} parallel requests throughput rose by less than 10 % a doubling, two steps in a row.`,
    }
  );
}

/** Before the end of a sweep of several levels the first one runs again, unless it was the last to run. */
function driftOrEnd({ load }: Pick<Spec, 'load'>, stages: readonly Verdict[], ended: Ended): Next {
  const [first] = stages;
  const wanted = load.driftCheck && load.levels.length > 1 && !stages.some(({ kind }) => kind === 'drift');
  if (!wanted || !first || stages.at(-1)?.level === first.level) return { kind: 'end', ended };
  return { kind: 'drift', level: first.level, ended };
}
