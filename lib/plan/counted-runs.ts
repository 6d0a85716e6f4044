import { type Load, sameLoad } from './run-order.ts';
import { allLost } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** How many runs of given levels count: of each load the first whose workers were all lost is run again, and does not. */
export function countedRuns(verdicts: readonly Verdict[]): number {
  const runs = verdicts.filter(({ kind }) => kind === 'load');
  const lost: Load[] = [];
  for (const run of runs) if (allLost(run) && !lost.some((load) => sameLoad(load, run))) lost.push(run);
  return runs.length - lost.length;
}
