import { tooManyFailed } from './stop-rules.ts';
import type { SloVerdict, Verdict } from './verdict.ts';

/** What all runs of a level came to, as a search sees it. */
export interface JudgedLevel {
  readonly level: number;
  /** Too many failures are a miss, though no figure of such a run can be believed. */
  readonly verdict: SloVerdict;
  /** Its stages, in the order in which they were run. */
  readonly stages: readonly number[];
  /** Those that tell something: not void, or void by failures. */
  readonly runs: number;
  readonly voidRuns: number;
  /** A bound of the SLO lies within the interval of its figure. */
  readonly withinNoise: boolean;
  /** It should be run again before anything rests on it. */
  readonly inDoubt: boolean;
}

/** An undecided level, or one within the noise, is run again so often at most. */
const mostAgain = 3;

/** A level that came out void so often can't be measured. */
const mostVoid = 2;

/** The levels that were run, rising, each by the newest of its runs that tells something. */
export function judgedLevels(stages: readonly Verdict[]): JudgedLevel[] {
  const byLevel = Map.groupBy(
    stages.filter(({ kind }) => kind === 'load'),
    ({ level }) => level,
  );
  return [...byLevel].map(([level, runs]) => judged(level, runs)).sort((a, b) => a.level - b.level);
}

function judged(level: number, runs: readonly Verdict[]): JudgedLevel {
  const telling = runs.filter((run) => run.state !== 'void' || tooManyFailed(run) !== null);
  const newest = telling.at(-1) ?? null;
  const voidRuns = runs.length - telling.length;
  const verdict = newest === null ? 'undecided' : verdictOf(newest);
  const withinNoise = newest !== null && tooManyFailed(newest) === null && newest.sloWithinNoise;
  const mayRunAgain = runs.length <= mostAgain && voidRuns < mostVoid;
  const lastWasVoid = runs.at(-1) !== newest;
  return {
    level,
    verdict,
    stages: runs.map(({ stage }) => stage),
    runs: telling.length,
    voidRuns,
    withinNoise,
    inDoubt: mayRunAgain && (verdict === 'undecided' || withinNoise || lastWasVoid),
  };
}

function verdictOf(run: Verdict): SloVerdict {
  return tooManyFailed(run) === null ? (run.slo ?? 'undecided') : 'missed';
}
