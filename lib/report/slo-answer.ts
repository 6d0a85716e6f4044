import type { Point } from '../curve/point.ts';
import type { CellView } from './cells.ts';
import { count, figure, parallelRequests, wordList } from './format.ts';
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
  const at = `at ${parallelRequests(lowest.level)}, ${obstacles(lowest)}`;
  return lowest.slo?.verdict === 'missed'
    ? `No level meets the SLO: ${at}.`
    : `Whether a level meets the SLO is undecided: ${at}.`;
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
  return `at ${parallelRequests(lowest.level)}, ${obstacles(lowest)}`;
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
