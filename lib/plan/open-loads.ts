import type { UntilPrecise } from '../spec/load.ts';
import type { Spec } from '../spec/schema.ts';
import { isParity } from './pass.ts';
import { type Load, runOrder, sameLoad } from './run-order.ts';
import { mostTimes } from './runs.ts';
import type { Cell } from './stage.ts';
import { allLost } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** What is left to run of a cell. */
export interface OpenLoads {
  /** Of the runs that were asked for, in their order. */
  readonly asked: readonly Load[];
  /** Loads that were run as often as asked, are not precise yet and may run again; those with the fewest runs first. */
  readonly again: readonly Load[];
}

/** What the runs of a cell leave to run; one whose workers were all lost does not count, once a load. */
export function openLoads(
  { load: asked, seed }: Pick<Spec, 'load' | 'seed'>,
  cell: Cell,
  runs: readonly Verdict[],
): OpenLoads {
  const order = runOrder({ load: asked, seed }, cell);
  const counted = countedRuns(runs);
  const left = new Map(counted);
  return {
    asked: order.filter((load) => {
      const times = left.get(keyOf(load)) ?? 0;
      left.set(keyOf(load), times - 1);
      return times <= 0;
    }),
    again: asked.untilPrecise ? imprecise(asked, { order, counted, runs }, asked.untilPrecise) : [],
  };
}

const keyOf = ({ level, pass }: Load) => `${level} ${pass}`;

function countedRuns(runs: readonly Verdict[]): Map<string, number> {
  const counted = new Map<string, number>();
  const forgiven = new Set<string>();
  for (const run of runs) {
    const key = keyOf(run);
    if (allLost(run) && !forgiven.has(key)) forgiven.add(key);
    else counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  return counted;
}

interface SoFar {
  readonly order: readonly Load[];
  readonly counted: ReadonlyMap<string, number>;
  readonly runs: readonly Verdict[];
}

function imprecise(load: Spec['load'], { order, counted, runs }: SoFar, wanted: UntilPrecise): Load[] {
  const timesOf = (one: Load) => counted.get(keyOf(one)) ?? 0;
  return order
    .filter((one, index) => order.findIndex((other) => sameLoad(one, other)) === index)
    .filter((one) => timesOf(one) >= load.repeats && timesOf(one) < mostTimes(load, one.pass))
    .filter((one) => !isParity(one.pass) && !isPrecise(one, runs, wanted))
    .toSorted((a, b) => timesOf(a) - timesOf(b));
}

/** By the newest run that is not void, whose figures are those of all; a void run makes nothing more precise. */
function isPrecise(load: Load, runs: readonly Verdict[], { of, within }: UntilPrecise): boolean {
  const newest = runs.findLast((run) => run.state !== 'void' && sameLoad(run, load));
  const margin = newest?.p95Margins[of] ?? null;
  return margin !== null && margin <= within;
}
