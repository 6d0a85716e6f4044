import type { Spec } from '../spec/schema.ts';
import { cellOf, gridOf } from './cell.ts';
import { isParity, type Pass } from './pass.ts';
import { type Load, passesOf } from './run-order.ts';

type Loaded = Pick<Spec, 'load' | 'workload'>;

/** A plateau takes two steps, and so three levels. */
const levelsOfPlateau = 3;

/** Runs of a level in a search: the first, and three more where it is in doubt. */
const runsInDoubt = 4;

/** The notebook looks at a single step. */
const levelsOfNotebookPlateau = 2;

/** The loads that are run at least, each as often as it is: no rule can end the sweep before. */
export function leastRuns({ load, workload }: Loaded): Load[] {
  if (load.search !== null) return [{ level: load.search.from, cell: cellOf(workload), pass: null }];
  const levels = load.levels.slice(0, leastLevels(load));
  const times = new Array<null>(load.repeats).fill(null);
  return gridOf(workload).flatMap((cell) =>
    levels.flatMap((level) => passesOf(load).flatMap((pass) => times.map(() => ({ level, cell, pass })))),
  );
}

function leastLevels({ stopAt, levels }: Spec['load']): number {
  if (stopAt.includes('slo')) return 1;
  if (stopAt.includes('notebook_plateau')) return levelsOfNotebookPlateau;
  return stopAt.includes('plateau') ? levelsOfPlateau : levels.length;
}

/** How often a level is run at most in a pass; passes that are not streamed have no percentiles to be precise about. */
export function mostTimes({ repeats, untilPrecise }: Spec['load'], pass: Pass | null): number {
  return untilPrecise && !isParity(pass) ? untilPrecise.most : repeats;
}

/** Stages of levels at most, a drift check included, and without those whose workers were all lost. */
export function mostRuns({ load, workload }: Loaded): number {
  const { search, levels, driftCheck } = load;
  if (search === null) {
    const ofLevel = passesOf(load).reduce((sum, pass) => sum + mostTimes(load, pass), 0);
    return gridOf(workload).length * levels.length * ofLevel + (driftCheck ? 1 : 0);
  }
  const doublings = Math.ceil(Math.log2(search.to / search.from)) + 1;
  const halvings = Math.ceil(Math.log2(Math.max(1, search.to / 2)));
  // The last is the repeat that confirms what was found.
  return (doublings + halvings) * runsInDoubt + 1;
}
