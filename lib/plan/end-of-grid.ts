import { cellName } from './cell.ts';
import type { Ended } from './ended.ts';
import type { Cell } from './stage.ts';

/** How a sweep ends from the ends of its cells: by a stop rule when that ended every one, else as done; each says why. */
export function endOfGrid(ends: readonly { readonly cell: Cell; readonly ended: Ended }[]): Ended {
  const [first] = ends;
  if (first && ends.length === 1) return first.ended;
  const common = ends.every(({ ended }) => ended.reason === first?.ended.reason) ? first?.ended.reason : null;
  const details = ends.flatMap(({ cell, ended }) =>
    ended.detail === null ? [] : [`${cellName(cell)}: ${ended.detail}`],
  );
  return { reason: common ?? 'done', detail: details.length === 0 ? null : details.join(' ') };
}
