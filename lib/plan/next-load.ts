import type { Spec } from '../spec/schema.ts';
import { gridOf, sameCell } from './cell.ts';
import { endOfGrid } from './end-of-grid.ts';
import type { Ended } from './ended.ts';
import { isNotebookPlateau, throughputOf } from './notebook.ts';
import { openLoads } from './open-loads.ts';
import { isParity } from './pass.ts';
import { plateauOf } from './plateau.ts';
import { type Load, sameLoad } from './run-order.ts';
import type { Cell } from './stage.ts';
import { allLost, brokenOff } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** What the levels, or the search, ask for next. */
export type Next =
  | ({ readonly kind: 'load' } & Load)
  /** The first load once more; `ended` is how the sweep ends after it. */
  | ({ readonly kind: 'drift'; readonly ended: Ended } & Load)
  | { readonly kind: 'end'; readonly ended: Ended };

type Loaded = Pick<Spec, 'load' | 'seed' | 'workload'>;

/** What comes next of given levels, cell after cell, by the verdicts of all stages but the probe. */
export function nextLoad(spec: Loaded, stages: readonly Verdict[]): Next {
  const last = stages.at(-1);
  const broken = last ? brokenOff(last, stages) : null;
  if (broken !== null) return { kind: 'end', ended: broken };
  const runs = stages.filter(({ kind }) => kind === 'load');
  if (last && lostOnce(last, runs)) return { kind: 'load', ...loadOf(last) };
  const ends: { readonly cell: Cell; readonly ended: Ended }[] = [];
  for (const cell of gridOf(spec.workload)) {
    const ofCell = runs.filter((run) => sameCell(run.cell, cell));
    const next = nextInCell(spec, cell, ofCell);
    if ('level' in next) return { kind: 'load', ...next };
    ends.push({ cell, ended: next });
  }
  return driftOrEnd(spec, stages, endOfGrid(ends));
}

const loadOf = ({ level, cell, pass }: Load): Load => ({ level, cell, pass });

function lostOnce(last: Verdict, runs: readonly Verdict[]): boolean {
  if (last.kind !== 'load' || !allLost(last)) return false;
  return runs.filter((run) => sameLoad(run, last) && allLost(run)).length === 1;
}

/** The next load of a cell, or how its series ends. */
function nextInCell(spec: Loaded, cell: Cell, runs: readonly Verdict[]): Load | Ended {
  const { asked, again } = openLoads(spec, cell, runs);
  // What follows a level rests on it; in a shuffled order runs of a level are kept apart in time.
  const open = spec.load.order === 'rising' ? [...again, ...asked] : [...asked, ...again];
  const missed = spec.load.stopAt.includes('slo') ? lowestMissed(runs, asked) : null;
  const [next] = missed === null ? open : open.filter(({ level }) => level <= missed);
  const ended = earlyEnd(spec, { runs, open, missed, done: next === undefined });
  return ended ?? next ?? { reason: 'done', detail: null };
}

const isOpen = (level: number, open: readonly Load[]) => open.some((load) => load.level === level);

/** The lowest level that misses the SLO with all runs asked for; higher ones need not be run. */
function lowestMissed(runs: readonly Verdict[], asked: readonly Load[]): number | null {
  const telling = runs.filter(({ state, pass }) => state !== 'void' && !isParity(pass));
  const newest = new Map(telling.map((run) => [run.level, run.slo]));
  const missed = [...newest].filter(([level, slo]) => slo === 'missed' && !isOpen(level, asked));
  return missed.length === 0 ? null : Math.min(...missed.map(([level]) => level));
}

interface Standing {
  readonly runs: readonly Verdict[];
  readonly open: readonly Load[];
  readonly missed: number | null;
  /** Nothing is left to run. */
  readonly done: boolean;
}

/** The end that a stop rule brings; null when none does. */
function earlyEnd({ load: { stopAt } }: Loaded, { runs, open, missed, done }: Standing): Ended | null {
  if (missed !== null && done) return { reason: 'slo', detail: `Level ${missed} misses the SLO.` };
  const last = runs.at(-1);
  if (!last || isOpen(last.level, open)) return null;
  const detail =
    (stopAt.includes('plateau') ? flatText(runs) : null) ??
    (stopAt.includes('notebook_plateau') ? notebookFlatText(runs) : null);
  return detail === null ? null : { reason: 'plateau', detail };
}

function flatText(runs: readonly Verdict[]): string | null {
  const plateau = plateauOf(runs.filter(({ pass }) => !isParity(pass)));
  return (
    plateau &&
    `From ${plateau.from} to ${plateau.to} parallel requests throughput rose by less than 10 % a doubling, two steps in a row.`
  );
}

/** The notebook looks at its last step alone, whatever can be believed of it. */
function notebookFlatText(runs: readonly Verdict[]): string | null {
  const newest = new Map(
    runs.flatMap(({ level, notebookPass }) =>
      notebookPass?.pass === 'parity_full' ? [[level, throughputOf(level, notebookPass)] as const] : [],
    ),
  );
  const [before, now] = [...newest].slice(-2).map(([level, tokensPerSecond]) => ({ level, tokensPerSecond }));
  if (!before || !now || !isNotebookPlateau(before.tokensPerSecond, now.tokensPerSecond)) return null;
  return `From ${before.level} to ${now.level} parallel requests the notebook’s throughput rose by less than 10 %.`;
}

/** Before the end of a sweep of several loads the first one runs again, unless it was the last to run. */
function driftOrEnd({ load, workload }: Loaded, stages: readonly Verdict[], ended: Ended): Next {
  const first = stages.find(({ pass }) => !isParity(pass));
  const last = stages.at(-1);
  const several = load.levels.length > 1 || gridOf(workload).length > 1;
  const wanted = load.driftCheck && several && !stages.some(({ kind }) => kind === 'drift');
  if (!wanted || !first || !last || sameLoad(first, last)) return { kind: 'end', ended };
  return { kind: 'drift', ...loadOf(first), ended };
}
