import type { Assignment } from '../plan/assignment.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import { exactLength, type NextLength, nextLength } from '../workload/exact-length.ts';
import { wordsForTokens } from '../workload/prompt.ts';
import { fitWordsToTokens, type LengthSample } from '../workload/words-to-tokens.ts';
import { type ProbeAttempt, wordsToTokensOf } from './finding-of.ts';

type Planned = Pick<Assignment, 'workload' | 'stage'>;

/**
 * The words of the probe's `index`-th prompt: a quarter and a half of the length, and then what these two suggest; of
 * exact prompts the length as corrected so far.
 */
export function probeLength(
  { workload, stage }: Planned,
  index: number,
  attempts: readonly ProbeAttempt[],
): NextLength {
  const { inputTokens } = stage.cell;
  if (workload.exact) {
    const uncounted = attempts.some((attempt) => isAnswered(attempt) && tokensOf(attempt) === null);
    return uncounted ? { impossible: uncountedText } : nextLength(samplesOf(attempts), inputTokens);
  }
  if (index < 2) return { words: Math.max(1, Math.round(inputTokens / (index === 0 ? 4 : 2))) };
  return { words: wordsForTokens(inputTokens, wordsToTokensOf(attempts)) };
}

/** A finding with the exact length that later prompts are to have; failed where there is none. */
export function withExactLength(
  finding: ProbeFinding,
  attempts: readonly ProbeAttempt[],
  { workload, stage }: Planned,
): ProbeFinding {
  if (!workload.exact || !finding.ok) return finding;
  const target = stage.cell.inputTokens;
  const samples = samplesOf(attempts);
  const exact = exactLength(samples, target);
  if (exact === null) {
    const next = probeLength({ workload, stage }, attempts.length, attempts);
    const why = 'impossible' in next ? next.impossible : `no length was settled on in ${attempts.length} requests`;
    return { ...finding, ok: false, failure: { outcome: 'not_exact', detail: null, message: why } };
  }
  const { slope } = fitWordsToTokens(samples);
  return {
    ...finding,
    wordsToTokens: { slope, intercept: target - slope * exact.words },
    exactPrompts: exact.times,
  };
}

const uncountedText = 'the endpoint does not count the tokens of prompts';

const isAnswered = ({ exchanged }: ProbeAttempt) => exchanged.answer.ending.outcome === 'ok';
const tokensOf = ({ exchanged }: ProbeAttempt) => exchanged.answer.usage.inputTokens;

function samplesOf(attempts: readonly ProbeAttempt[]): LengthSample[] {
  return attempts.filter(isAnswered).flatMap((attempt) => {
    const tokens = tokensOf(attempt);
    return tokens === null ? [] : [{ words: attempt.words, tokens }];
  });
}
