import type { Point } from '../../curve/point.ts';
import { type CellView, cellsOf } from '../cells.ts';
import { levelList } from '../format.ts';
import type { Report } from '../report.ts';
import type { GuidanceItem } from './guidance-item.ts';
import { latencyBudget } from './latency-budget.ts';
import { latencyFormula, otherAnswers } from './latency-formula.ts';
import { lengthsGuidance } from './lengths.ts';
import { prefill } from './prefill.ts';
import { provisionedShare } from './provisioned.ts';
import { queueing } from './queueing.ts';
import { readingPace } from './reading-pace.ts';

/** What the figures of a cell teach, or what several cells teach together. */
export interface GuidanceGroup {
  /** It is about all cells together. */
  readonly lengths: boolean;
  /** Names the cell; null with a single one. */
  readonly heading: string | null;
  readonly items: readonly GuidanceItem[];
  /** Levels among those told whose measurement is suspect. */
  readonly suspect: readonly number[];
}

/**
 * What the figures of a sweep mean for who uses the endpoint: of the lengths first, then cell by cell. A cell without a
 * level that can be believed has nothing to teach.
 */
export function guidanceOf(report: Report): readonly GuidanceGroup[] {
  const views = cellsOf(report);
  const groups = [lengthsGroup(views), ...views.map((view) => cellGroup(view, report))];
  return groups.filter(({ items }) => items.length > 0);
}

function lengthsGroup(views: readonly CellView[]): GuidanceGroup {
  const items = lengthsGuidance(views);
  const points = views.flatMap((view) => view.points);
  return { lengths: true, heading: 'Between the lengths', items, suspect: suspectLevels(items, points) };
}

function cellGroup(view: CellView, { probe, spec }: Report): GuidanceGroup {
  const items = [
    prefill(view, probe),
    readingPace(view),
    latencyFormula(view, probe),
    otherAnswers(view, probe),
    latencyBudget(view, spec.slo),
    queueing(view),
    provisionedShare(view, spec.target.provisionedTokensPerSecond),
  ].filter((item) => item !== null);
  return { lengths: false, heading: view.heading, items, suspect: suspectLevels(items, view.points) };
}

function suspectLevels(items: readonly GuidanceItem[], points: readonly Point[]): readonly number[] {
  const told = new Set(items.flatMap(({ levels }) => levels));
  const suspect = points.filter(({ level, validity }) => told.has(level) && validity.state === 'suspect');
  return [...new Set(suspect.map(({ level }) => level))];
}

/** What to say of figures that are in doubt; null where none is. */
export function suspectNote({ suspect }: GuidanceGroup): string | null {
  if (suspect.length === 0) return null;
  return `Take what is said of ${levelList(suspect)} with care: the measurement is suspect there.`;
}
