import { sameCell } from '../plan/cell.ts';
import { type NotebookFigures, notebookFigures } from '../plan/notebook.ts';
import { passes } from '../plan/pass.ts';
import type { Load } from '../plan/run-order.ts';
import type { Point } from './point.ts';

/** What Databricks' notebook would say of a level. */
export interface NotebookLevel extends Pick<Load, 'level' | 'cell'> {
  readonly figures: NotebookFigures;
}

/** The levels that were run in the notebook's passes, each by the newest run of a pass, whatever can be believed of it. */
export function notebookLevels(points: readonly Point[]): NotebookLevel[] {
  const levels: Pick<Load, 'level' | 'cell'>[] = [];
  for (const { level, cell, notebookPass } of points) {
    if (notebookPass !== null && !levels.some((one) => sameLevel(one, { level, cell }))) levels.push({ level, cell });
  }
  return levels.map(({ level, cell }) => {
    const ofLevel = points.filter((point) => sameLevel(point, { level, cell }));
    const newest = passes.flatMap((pass) => ofLevel.findLast((point) => point.pass === pass)?.notebookPass ?? []);
    return { level, cell, figures: notebookFigures(level, newest) };
  });
}

/** A point beside what the notebook would say of its level. */
export function withNotebook(point: Point, levels: readonly NotebookLevel[]): Point {
  return { ...point, notebook: levels.find((one) => sameLevel(one, point))?.figures ?? null };
}

function sameLevel(a: Pick<Load, 'level' | 'cell'>, b: Pick<Load, 'level' | 'cell'>): boolean {
  return a.level === b.level && sameCell(a.cell, b.cell);
}
