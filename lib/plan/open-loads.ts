import type { UntilPrecise } from '../spec/load.ts';
import type { Spec } from '../spec/schema.ts';
import { type CountedRuns, countedRuns } from './counted-runs.ts';
import { isParity } from './pass.ts';
import { type Load, runOrder, sameLoad } from './run-order.ts';
import { mostTimes } from './runs.ts';
import type { Cell } from './stage.ts';
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
  const passed: Load[] = [];
  return {
    asked: order.filter((load) => {
      passed.push(load);
      return passed.filter((one) => sameLoad(one, load)).length > counted.of(load);
    }),
    again: asked.untilPrecise ? imprecise(asked, { order, counted, runs }, asked.untilPrecise) : [],
  };
}

interface SoFar {
  readonly order: readonly Load[];
  readonly counted: CountedRuns;
  readonly runs: readonly Verdict[];
}

function imprecise(load: Spec['load'], { order, counted, runs }: SoFar, wanted: UntilPrecise): Load[] {
  return order
    .filter((one, index) => order.findIndex((other) => sameLoad(one, other)) === index)
    .filter((one) => counted.of(one) >= load.repeats && counted.of(one) < mostTimes(load, one.pass))
    .filter((one) => !isParity(one.pass) && !isPrecise(one, runs, wanted))
    .toSorted((a, b) => counted.of(a) - counted.of(b));
}

/** By the newest run that is not void, whose figures are those of all; a void run makes nothing more precise. */
function isPrecise(load: Load, runs: readonly Verdict[], { of, within }: UntilPrecise): boolean {
  const newest = runs.findLast((run) => run.state !== 'void' && sameLoad(run, load));
  const margin = newest?.p95Margins[of] ?? null;
  return margin !== null && margin <= within;
}
