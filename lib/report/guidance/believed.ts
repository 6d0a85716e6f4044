import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';

/** The points of a cell that may be spoken of, rising by level: void ones may not. */
export function believed({ points }: CellView): readonly Point[] {
  return points.filter(({ validity }) => validity.state !== 'void');
}

/** The level that the answer is about: the highest that meets the SLO, else the balanced one, else that of the highest throughput. */
export function answerLevel({ curve }: CellView): number | null {
  if (curve === null) return null;
  const { highestMet, balanced, highThroughput, lowLatency } = curve.answers;
  return highestMet ?? balanced ?? highThroughput ?? lowLatency;
}

/** The lowest level of some, and the answer's where it is another one of them. */
export function lowestAndAnswer<T extends { readonly level: number }>(
  view: CellView,
  [lowest, ...higher]: readonly T[],
): readonly T[] {
  if (lowest === undefined) return [];
  const wanted = answerLevel(view);
  const answer = higher.find(({ level }) => level === wanted);
  return answer === undefined ? [lowest] : [lowest, answer];
}

/** `the highest level`, or what else a level above all others with figures is. */
export function highestName(view: CellView, level: number): string {
  if (view.running) return 'the highest level so far';
  return view.points.some((point) => point.level > level)
    ? 'the highest level that can be believed'
    : 'the highest level measured';
}
