import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import { count, figure, parallelRequests } from '../format.ts';
import { shownPercentile } from '../shown.ts';
import { believed, lowestAndAnswer } from './believed.ts';
import { roughly } from './change.ts';
import { type GuidanceItem, paragraph } from './guidance-item.ts';

/** English; other languages take more tokens a word. */
const wordsPerToken = 0.75;
/** Silent reading of adults: Brysbaert, How many words do we read per minute?, J. Mem. Lang. 109 (2019). */
const reading = { slow: 200, fast: 300 } as const;

interface Pace {
  readonly level: number;
  readonly tokensPerSecond: number;
  readonly wordsPerMinute: number;
}

/** How fast text reaches one user, against how fast people read; and what counts where nobody reads along. */
export function readingPace(view: CellView): GuidanceItem | null {
  const points = believed(view);
  const [lowest] = points;
  if (lowest === undefined) return null;
  const title = 'For readers, or in batch';
  const paces = points.flatMap(paceOf);
  const told = lowestAndAnswer(view, paces);
  const most = view.curve?.answers.highThroughput ?? null;
  const text = paragraph(
    told.length === 0
      ? `How fast text reaches a reader is not known: ${shownPercentile(lowest, 'tokensPerSecondPerUser', 'p50').why}.`
      : `${growth(told)}, at ${wordsPerToken} English words a token. ${againstReading(view, paces)}`,
    most === null
      ? null
      : `In batch nobody waits or reads along, and only output tokens/s count: the most at ${parallelRequests(most)}.`,
  );
  const levels = [...told.map(({ level }) => level), ...(most === null ? [] : [most])];
  return { title, text, levels: [...new Set(levels)], short: true };
}

function paceOf({ level, tokensPerSecondPerUser: { p50 } }: Point): Pace[] {
  return p50 === null ? [] : [{ level, tokensPerSecond: p50, wordsPerMinute: p50 * wordsPerToken * 60 }];
}

function growth([low, high]: readonly Pace[]): string {
  if (low === undefined) return '';
  const first = `Once begun, an answer grows by ${figure(low.tokensPerSecond)} tokens/s (p50) at ${parallelRequests(low.level)}`;
  if (high === undefined) return `${first}: about ${words(low)} words a minute`;
  return `${first} and by ${figure(high.tokensPerSecond)} at ${count(high.level)}: about ${words(low)} and ${words(high)} words a minute`;
}

const words = ({ wordsPerMinute }: Pace) => count(roughly(wordsPerMinute));

function againstReading({ points }: CellView, paces: readonly Pace[]): string {
  const people = `People read ${reading.slow} to ${reading.fast}`;
  const slower = paces.findIndex(({ wordsPerMinute }) => wordsPerMinute < reading.fast);
  const next = paces[slower];
  if (next === undefined) {
    if (paces.length === 1) return `${people}: text comes faster than it is read.`;
    const which = paces.length === points.length ? 'measured' : 'that can be believed';
    return `${people}: at every level ${which} text comes faster than it is read.`;
  }
  const then = `${words(next)}, ${next.wordsPerMinute < reading.slow ? 'slower than most read' : 'about as fast as they read'}`;
  const last = paces[slower - 1];
  return last === undefined
    ? `${people}: at ${parallelRequests(next.level)} text comes at ${then}.`
    : `${people}: up to ${parallelRequests(last.level)} text comes faster; at ${count(next.level)} it is ${then}.`;
}
