import { sameCell } from '../plan/cell.ts';
import { isParity } from '../plan/pass.ts';
import type { Cell } from '../plan/stage.ts';
import { answersOf } from './answers.ts';
import type { Curve } from './curve.ts';
import { driftOf } from './drift.ts';
import { kneeOf } from './knee.ts';
import { type NotebookLevel, notebookLevels, withNotebook } from './notebook-levels.ts';
import type { Point } from './point.ts';

/** What the points of a sweep say. */
export interface Curves {
  /** Of each level and cell the newest point, one that is not void before one that is; rising by level within a cell. */
  readonly points: readonly Point[];
  /** The notebook's figures of each level that has any, by cell, rising; empty without its passes. */
  readonly notebook: readonly NotebookLevel[];
  readonly driftPoint: Point | null;
  /** One for each cell, in the order in which the cells were first measured. */
  readonly curves: readonly Curve[];
}

/** The curves of all points of a sweep, in whatever order they come. */
export function curvesOf(all: readonly Point[]): Curves {
  const inOrder = all.toSorted((a, b) => a.stage - b.stage);
  const executed = inOrder.filter(({ pass }) => !isParity(pass));
  const driftPoint = executed.findLast(({ kind }) => kind === 'drift') ?? null;
  const cells = distinct(inOrder.map(({ cell }) => cell));
  const pointsOf = (cell: Cell) =>
    newestByLevel(executed.filter((point) => point.kind === 'load' && sameCell(point.cell, cell)));
  const levels = notebookLevels(inOrder);
  return {
    points: cells.flatMap(pointsOf).map((point) => withNotebook(point, levels)),
    notebook: levels,
    driftPoint,
    curves: cells.map((cell) => curveOf(cell, pointsOf(cell), driftPoint)),
  };
}

function curveOf(cell: Cell, points: readonly Point[], driftPoint: Point | null): Curve {
  const again = driftPoint !== null && sameCell(driftPoint.cell, cell) ? driftPoint : null;
  const knee = kneeOf(points);
  return {
    cell,
    knee,
    answers: answersOf(points, knee),
    drift: driftOf(points.find(({ level }) => level === again?.level) ?? null, again),
  };
}

function newestByLevel(executed: readonly Point[]): Point[] {
  const newest = new Map<number, Point>();
  for (const point of executed) {
    const before = newest.get(point.level);
    if (!before || point.validity.state !== 'void' || before.validity.state === 'void') newest.set(point.level, point);
  }
  return [...newest.values()].sort((a, b) => a.level - b.level);
}

function distinct(cells: readonly Cell[]): Cell[] {
  return cells.filter((cell, index) => cells.findIndex((other) => sameCell(other, cell)) === index);
}
