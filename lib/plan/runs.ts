import type { Spec } from '../spec/schema.ts';

type Loaded = Pick<Spec, 'load'>;

/** A plateau takes two steps, and so three levels. */
const levelsOfPlateau = 3;

/** Runs of a level in a search: the first, and three more where it is in doubt. */
const runsInDoubt = 4;

/** The levels that are run at least, each as often as it is: no rule can end the sweep before. */
export function leastRuns({ load }: Loaded): number[] {
  if (load.search !== null) return [load.search.from];
  const most = load.stopAt.includes('slo') ? 1 : load.stopAt.includes('plateau') ? levelsOfPlateau : load.levels.length;
  return load.levels.slice(0, most).flatMap((level) => new Array<number>(load.repeats).fill(level));
}

/** Stages of levels at most, a drift check included, and without those whose workers were all lost. */
export function mostRuns({ load }: Loaded): number {
  const { search, levels, repeats, driftCheck } = load;
  if (search === null) return levels.length * repeats + (driftCheck ? 1 : 0);
  const doublings = Math.ceil(Math.log2(search.to / search.from)) + 1;
  const halvings = Math.ceil(Math.log2(Math.max(1, search.to / 2)));
  // The last is the repeat that confirms what was found.
  return (doublings + halvings) * runsInDoubt + 1;
}
