import type { Point } from '../curve/point.ts';
import type { CellView } from './cells.ts';
import { count, figure, levelList, parallelRequests, wordList } from './format.ts';
import { obstacles } from './slo-texts.ts';

/** `Up to 16 parallel requests meet the SLO, with …`, or why none does; null without an SLO or a valid level. */
export function sloSentence(view: CellView): string | null {
  const [lowest] = validPoints(view);
  if (!view.curve?.answers.sloGiven || lowest === undefined) return null;
  const highest = highestMet(view);
  if (highest !== null) {
    const { level } = highest;
    const who = level === 1 ? `${parallelRequests(level)} meets` : `Up to ${parallelRequests(level)} meet`;
    return `${who} the SLO${withRates(highest)}.`;
  }
  return `${nothingToName(validPoints(view), lowest.slo?.verdict === 'missed')}: ${atLevel(lowest)}.`;
}

/** Levels above the lowest may meet the SLO all the same: that is told, and why none of them is the answer. */
function nothingToName(valid: readonly Point[], missed: boolean): string {
  const met = valid.filter(({ slo }) => slo?.verdict === 'met').map(({ level }) => level);
  if (met.length === 0) return missed ? 'No level meets the SLO' : 'Whether a level meets the SLO is undecided';
  const rest = missed ? 'but not from the lowest level up' : 'but whether from the lowest level up is undecided';
  return `The SLO is met at ${levelList(met)}, ${rest}`;
}

function atLevel(point: Point): string {
  return `at ${parallelRequests(point.level)}, ${obstacles(point)}`;
}

/** What bounds the levels that meet the SLO from above; null when none does. */
export function sloRemark(view: CellView): string | null {
  const highest = highestMet(view);
  if (highest === null) return null;
  const next = validPoints(view).find(({ level }) => level > highest.level);
  if (next === undefined) return view.running ? null : nothingAbove(view, highest);
  const how = next.slo?.verdict === 'missed' ? 'is missed' : 'is undecided';
  return `At ${parallelRequests(next.level)} the SLO ${how}: ${obstacles(next)}.`;
}

function nothingAbove({ points }: CellView, { level }: Point): string {
  const voided = points.some((point) => point.level > level);
  return voided
    ? `No level above ${count(level)} can be believed: higher ones may meet the SLO as well.`
    : `No level above ${count(level)} was measured: higher ones may meet the SLO as well.`;
}

/** Why there is no level to name, as a clause; null when there is one, or no SLO. */
export function noSloLevel(view: CellView): string | null {
  const [lowest] = validPoints(view);
  if (!view.curve?.answers.sloGiven || highestMet(view) !== null) return null;
  if (lowest === undefined) return 'no level can be believed';
  return atLevel(lowest);
}

function highestMet({ curve, points }: CellView): Point | null {
  return points.find(({ level }) => level === curve?.answers.highestMet) ?? null;
}

const validPoints = ({ points }: CellView) => points.filter(({ validity }) => validity.state !== 'void');

function withRates({ outputTokensPerSecond, tokensPerSecondPerUser, throughputIsLowerBound }: Point): string {
  const least = throughputIsLowerBound ? 'at least ' : '';
  const parts = [
    outputTokensPerSecond.value === null ? null : `${least}${figure(outputTokensPerSecond.value)} output tokens/s`,
    tokensPerSecondPerUser.p50 === null ? null : `${figure(tokensPerSecondPerUser.p50)} tokens/s per user`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `, with ${wordList(parts)}`;
}
