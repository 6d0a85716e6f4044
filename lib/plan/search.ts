import type { Search } from '../spec/load.ts';
import type { Ended } from './ended.ts';
import { type JudgedLevel, judgedLevels } from './judged-level.ts';
import type { Plan } from './plan.ts';
import { searchSentence } from './search-text.ts';
import { tooManyFailed } from './stop-rules.ts';
import type { Verdict } from './verdict.ts';

/** What a search has found so far, or in the end. */
export interface SearchAnswer {
  /** The highest level tried that met the SLO with every level tried below it; null: not even the first did. */
  readonly met: number | null;
  /** The lowest level tried that did not meet it: the limit lies below. Null: none was missed. */
  readonly notMet: number | null;
  /** The highest level met was run again at the end and met the SLO once more. */
  readonly confirmed: boolean;
  /** Nothing is left to try. */
  readonly complete: boolean;
  /** What each level tried came to, rising. */
  readonly evidence: readonly JudgedLevel[];
}

/** The answer of a search: a pure function of what was asked and of the verdicts; null of a sweep without one. */
export function searchAnswer({ spec }: Pick<Plan, 'spec'>, verdicts: readonly Verdict[]): SearchAnswer | null {
  const { search } = spec.load;
  return search && answerOf(search, verdicts);
}

/** What a search asks for next. */
export type NextTry =
  | { readonly kind: 'try'; readonly level: number }
  | { readonly kind: 'end'; readonly ended: Ended };

/**
 * What a search tries next. It doubles from the first level until one does not meet the SLO, halves what lies between the
 * highest met and the lowest not met until they are neighbours, and runs the highest met once more. A level in doubt,
 * undecided or within the noise, is run again before anything else.
 */
export function nextOfSearch(search: Search, stages: readonly Verdict[]): NextTry {
  const answer = answerOf(search, stages);
  if (answer.complete) return { kind: 'end', ended: endOf(search, answer, stages) };
  return { kind: 'try', level: doubtful(answer.evidence, stages.at(-1)) ?? levelToTry(search, answer) };
}

/** The level of the last stage, where nothing can rest on it yet. */
function doubtful(evidence: readonly JudgedLevel[], last: Verdict | undefined): number | null {
  return evidence.find(({ level, inDoubt }) => inDoubt && level === last?.level)?.level ?? null;
}

function answerOf(search: Search, stages: readonly Verdict[]): SearchAnswer {
  const evidence = judgedLevels(stages);
  const notMet = evidence.find(({ verdict }) => verdict !== 'met')?.level ?? null;
  const below = evidence.filter(({ level }) => notMet === null || level < notMet);
  const highest = below.at(-1) ?? null;
  const met = highest?.level ?? null;
  const last = stages.at(-1);
  const ranLast = highest !== null && last?.kind === 'load' && last.level === highest.level;
  const confirmed = ranLast && highest.runs > 1 && last.state !== 'void';
  // A repeat that comes out void confirms nothing, and is not tried for ever.
  const settled = met === null || confirmed || (ranLast && last.state === 'void');
  const narrow = notMet === search.from || (met !== null && met + 1 === notMet) || met === search.to;
  const complete = narrow && settled && doubtful(evidence, last) === null;
  return { met, notMet, confirmed, complete, evidence };
}

/** The next level to try; the highest met again once nothing lies between it and the lowest not met. */
function levelToTry({ from, to }: Search, { met, notMet }: SearchAnswer): number {
  if (met === null) return from;
  if (notMet === null) return Math.min(2 * met, to);
  return notMet - met > 1 ? Math.floor((met + notMet) / 2) : met;
}

/** A search ends with an answer, unless it could not even tell of its first level. */
function endOf(search: Search, answer: SearchAnswer, stages: readonly Verdict[]): Ended {
  const detail = searchSentence(search, answer);
  const first = answer.evidence.find(({ level }) => level === search.from);
  if (answer.met !== null || !first) return { reason: 'done', detail };
  const failed = stages.filter(({ level }) => level === search.from).map(tooManyFailed);
  const failure = failed.findLast((sentence) => sentence !== null) ?? null;
  if (failure !== null) return { reason: 'error_rate', detail: `${failure} ${detail}` };
  return { reason: first.verdict === 'undecided' ? 'void' : 'done', detail };
}
