import type { Curve } from '../curve/curve.ts';
import type { Point } from '../curve/point.ts';
import { cellName, cellOf, sameCell } from '../plan/cell.ts';
import type { Cell } from '../plan/stage.ts';
import type { Report } from './report.ts';

/** A cell of the grid of lengths with all that was measured in it. */
export interface CellView {
  readonly cell: Cell;
  readonly points: readonly Point[];
  readonly curve: Curve | null;
  /** Names the cell; null when it is the only one. */
  readonly heading: string | null;
  /** The sweep still runs: levels may follow. */
  readonly running: boolean;
}

/** The cells of a report in the order in which they appear; one, without points, when there are none. */
export function cellsOf(report: Report): readonly CellView[] {
  const cells = [...report.curves.map(({ cell }) => cell), ...report.points.map(({ cell }) => cell)];
  const distinct = cells.filter((cell, index) => cells.findIndex((other) => sameCell(other, cell)) === index);
  const shownCells = distinct.length === 0 ? [cellOf(report.spec.workload)] : distinct;
  return shownCells.map((cell) => ({
    cell,
    points: report.points.filter((point) => sameCell(point.cell, cell)).toSorted((a, b) => a.level - b.level),
    curve: report.curves.find((curve) => sameCell(curve.cell, cell)) ?? null,
    heading: shownCells.length === 1 ? null : cellName(cell),
    running: report.ended === null,
  }));
}
