import { oneTokenPerWord, type WordsToTokens } from '../plan/probe-finding.ts';

/** A prompt's words, and its tokens as the endpoint counted them. */
export interface LengthSample {
  readonly words: number;
  readonly tokens: number;
}

/** Fewer tokens to a word than this, or more, are no count of tokens. */
const leastSlope = 0.2;
const mostSlope = 20;

/**
 * The least-squares line through the samples; with one length, a line of slope 1 through their mean; a token a word
 * where nothing was counted or the counts make no sense.
 */
export function fitWordsToTokens(samples: readonly LengthSample[]): WordsToTokens {
  if (samples.length === 0) return oneTokenPerWord;
  const meanWords = samples.reduce((sum, { words }) => sum + words, 0) / samples.length;
  const meanTokens = samples.reduce((sum, { tokens }) => sum + tokens, 0) / samples.length;
  const spread = samples.reduce((sum, { words }) => sum + (words - meanWords) ** 2, 0);
  if (spread === 0) return { slope: 1, intercept: meanTokens - meanWords };
  const slope =
    samples.reduce((sum, { words, tokens }) => sum + (words - meanWords) * (tokens - meanTokens), 0) / spread;
  if (slope < leastSlope || slope > mostSlope) return oneTokenPerWord;
  return { slope, intercept: meanTokens - slope * meanWords };
}
