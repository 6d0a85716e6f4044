import type { Search } from '../spec/load.ts';
import type { JudgedLevel } from './judged-level.ts';
import type { SearchAnswer } from './search.ts';

const count = (value: number) => value.toLocaleString('en');

/**
 * The answer of a search in words: `Up to 23 parallel requests meet the SLO, 24 miss it (9 levels in 12 stages).`; of one
 * that is not over, what it knows so far.
 */
export function searchSentence(search: Search, answer: SearchAnswer): string {
  const { complete, evidence } = answer;
  if (evidence.length === 0) return 'No level was tried.';
  const found = finding(search, answer);
  const stages = evidence.reduce((sum, level) => sum + level.stages.length, 0);
  const levels = evidence.length === 1 ? '1 level' : `${count(evidence.length)} levels`;
  const effort = `(${levels} in ${stages === 1 ? '1 stage' : `${count(stages)} stages`})`;
  const start = complete ? found.slice(0, 1).toUpperCase() + found.slice(1) : `So far ${found}`;
  return [`${start} ${effort}.`, ...remarks(answer)].join(' ');
}

function finding({ to }: Search, { met, notMet, evidence }: SearchAnswer): string {
  const limit = evidence.find(({ level }) => level === notMet) ?? null;
  if (met === null) return limit === null ? 'nothing is known' : noneMet(limit);
  const who = met === 1 ? '1 parallel request meets' : `up to ${requests(met)} meet`;
  if (limit?.verdict === 'missed') return `${who} the SLO, ${count(limit.level)} miss it`;
  if (limit !== null)
    return `${who} the SLO, and whether ${count(limit.level)} do stayed undecided: ${whyUndecided(limit)}`;
  if (met < to) return `${who} the SLO`;
  return `the SLO was never missed up to ${requests(to)}, the highest level of the search`;
}

function noneMet(limit: JudgedLevel): string {
  const meet = `${requests(limit.level)} ${limit.level === 1 ? 'meets' : 'meet'} the SLO`;
  if (limit.verdict === 'missed') return `not even ${meet}`;
  return `whether ${meet} stayed undecided: ${whyUndecided(limit)}`;
}

function whyUndecided({ runs, stages }: JudgedLevel): string {
  if (runs === 0) return stages.length === 1 ? 'it came out void' : `it came out void ${times(stages.length)}`;
  return `${times(stages.length)} it gave too few answers for the SLO’s percentiles, which a longer stage.measure would mend`;
}

/** What weakens the answer. */
function remarks({ met, notMet, complete, confirmed, evidence }: SearchAnswer): string[] {
  const noisy = evidence.filter(({ level, withinNoise }) => withinNoise && (level === met || level === notMet));
  return [
    ...noisy.map(
      ({ level, stages }) =>
        `At ${count(level)} a bound lies within the noise, though it was run ${times(stages.length)}.`,
    ),
    ...(complete && met !== null && !confirmed
      ? [`The repeat of ${count(met)} came out void and confirms nothing.`]
      : []),
  ];
}

const requests = (level: number) => `${count(level)} parallel ${level === 1 ? 'request' : 'requests'}`;

function times(runs: number): string {
  return ['', 'once', 'twice', 'three times', 'four times'][runs] ?? `${runs} times`;
}
