import type { Point } from '../../../lib/curve/point.ts';
import { type CellView, cellsOf } from '../../../lib/report/cells.ts';
import type { GuidanceItem } from '../../../lib/report/guidance/guidance-item.ts';
import type { Report } from '../../../lib/report/report.ts';
import { sampleReport, withLevel } from '../sample-report.ts';
import { variants } from '../variants.ts';

/** A sample report by its name. */
export function sample(name: string): Report {
  const build = variants[name];
  if (!build) throw new Error(`there is no sample report named ${name}`);
  return build();
}

/** The first cell of a report. */
export function viewOf(report: Report): CellView {
  const [view] = cellsOf(report);
  if (!view) throw new Error('a report has a cell');
  return view;
}

/** The sample sweep with every level changed. */
export function withAll(change: (point: Point) => Point): Report {
  return [1, 2, 4, 8, 16, 32, 64].reduce((report, level) => withLevel(report, level, change), sampleReport());
}

/** A point in which these metrics have no sample. */
export function without(point: Point, ...metrics: readonly ('ttftMs' | 'tpotMs' | 'latencyMs')[]): Point {
  const nothing = { p50: null, p90: null, p95: null, p99: null, mean: null, max: null, samples: 0, quantiles: null };
  const emptied = metrics.map((metric) => [metric, { ...point[metric], ...nothing }]);
  return { ...point, ...Object.fromEntries(emptied) };
}

export const textOf = (item: GuidanceItem | null): string | null => item?.text ?? null;
