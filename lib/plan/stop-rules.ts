import { cellName, sameCell } from './cell.ts';
import type { Ended } from './ended.ts';
import { isParity } from './pass.ts';
import { sameLoad } from './run-order.ts';
import type { Verdict } from './verdict.ts';

/** Above this share of failed requests a sweep ends: pressing harder would only measure errors. */
const errorShareToEnd = 0.5;

/** All of a stage's workers were lost: the level has not been measured at all. */
export function allLost({ requests, reasons }: Verdict): boolean {
  return requests === 0 && reasons.includes('streams_missing');
}

/** How many requests failed, where they were too many to go on, as a sentence; null where they were not. */
export function tooManyFailed(verdict: Verdict): string | null {
  const { level, errorShare } = verdict;
  if (onlyFailed(verdict)) return `Every stream gave up at level ${level}: nothing but failures in a row.`;
  if (errorShare === null || errorShare <= errorShareToEnd) return null;
  return `${Math.round(errorShare * 100)} % of the requests at level ${level} failed.`;
}

/** Every stream gave up before anything could be measured: the endpoint only fails. */
function onlyFailed({ requests, reasons, ranOutOf }: Verdict): boolean {
  const gaveUp = reasons.includes('interrupted') && !reasons.includes('control_unreadable');
  return requests === 0 && gaveUp && ranOutOf === null;
}

/** `Level 4`; among several cells `Level 4 (512 tokens in, 64 out)`. */
function placeOf({ level, cell }: Verdict, stages: readonly Verdict[]): string {
  const several = stages.some((stage) => stage.kind === 'load' && !sameCell(stage.cell, cell));
  return several ? `Level ${level} (${cellName(cell)})` : `Level ${level}`;
}

/** A level that came out void so often in a row can't be measured. */
const mostVoid = 2;

/** Ends a sweep of given levels, whatever else was asked for: too many failures, or a level void twice in a row. */
export function brokenOff(last: Verdict, stages: readonly Verdict[]): Ended | null {
  const failed = tooManyFailed(last);
  if (failed !== null) return { reason: 'error_rate', detail: failed };
  // The passes of the notebook are shown whatever can be believed of them.
  if (isParity(last.pass)) return null;
  const runs = stages.filter((stage) => stage.kind === 'load' && sameLoad(stage, last));
  const newest = runs.slice(-mostVoid);
  if (last.kind !== 'load' || newest.length < mostVoid || newest.some(({ state }) => state !== 'void')) return null;
  return { reason: 'void', detail: `${placeOf(last, stages)} came out void twice (${last.reasons.join(', ')}).` };
}
