import type { Load } from './run-order.ts';
import { allLost } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** How often loads were run. */
export interface CountedRuns {
  of(load: Load): number;
  /** Over all loads, of each so many at most. */
  total(most: number): number;
}

/** The runs that count: of each load the first whose workers were all lost is run again, and does not. */
export function countedRuns(verdicts: readonly Verdict[]): CountedRuns {
  const counted = new Map<string, number>();
  const forgiven = new Set<string>();
  for (const run of verdicts) {
    if (run.kind !== 'load') continue;
    const key = keyOf(run);
    if (allLost(run) && !forgiven.has(key)) forgiven.add(key);
    else counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  return {
    of: (load) => counted.get(keyOf(load)) ?? 0,
    total: (most) => [...counted.values()].reduce((sum, runs) => sum + Math.min(runs, most), 0),
  };
}

const keyOf = ({ level, cell: { inputTokens, outputTokens }, pass }: Load) =>
  `${level} ${inputTokens} ${outputTokens} ${pass}`;
