import { fitWordsToTokens, type LengthSample } from './words-to-tokens.ts';

/** How many words the next prompt should have, or why no number of words will do. */
export type NextLength = { readonly words: number } | { readonly impossible: string };

/**
 * Corrects the length of prompts by the endpoint's own counts, chat template included, until they have exactly
 * `target` tokens; a length that has them is kept, so that further prompts confirm it.
 */
export function nextLength(samples: readonly LengthSample[], target: number): NextLength {
  const last = samples.at(-1);
  if (last === undefined) return { words: target };
  const others = samples.filter(({ words, tokens }) => words === last.words && tokens !== last.tokens);
  if (others.length > 0) return { impossible: variesText(last.words, [last, ...others]) };
  if (last.tokens === target) return { words: last.words };
  const { slope } = fitWordsToTokens(samples);
  const aimed = last.words + awayFromZero((target - last.tokens) / slope);
  const words = between(aimed, samples, target);
  if (words === null) return { impossible: jumpsText(samples, target) };
  if (words < 1) return { impossible: templateText(last, target) };
  return { words };
}

/** At least this many prompts in a row must have been exact before a length is relied on. */
const leastExact = 3;

/** The length that the endpoint counted exactly, at least three times and last; null: there is none. */
export function exactLength(samples: readonly LengthSample[], target: number): { words: number; times: number } | null {
  const words = samples.at(-1)?.words;
  const wrong = samples.findLastIndex((sample) => sample.words !== words || sample.tokens !== target);
  const times = samples.length - 1 - wrong;
  return words === undefined || times < leastExact ? null : { words, times };
}

const awayFromZero = (value: number) => Math.sign(value) * Math.max(1, Math.round(Math.abs(value)));

/** A length between those that were too short and too long; null when nothing lies between. */
function between(aimed: number, samples: readonly LengthSample[], target: number): number | null {
  const tooShort = Math.max(0, ...samples.filter(({ tokens }) => tokens < target).map(({ words }) => words));
  const tooLong = Math.min(...samples.filter(({ tokens }) => tokens > target).map(({ words }) => words));
  if (tooLong - tooShort <= 1 && tooLong > 1) return null;
  if (aimed > tooShort && aimed < tooLong) return aimed;
  return Number.isFinite(tooLong) ? Math.floor((tooShort + tooLong) / 2) : aimed;
}

function variesText(words: number, samples: readonly LengthSample[]): string {
  const counts = [...new Set(samples.map(({ tokens }) => tokens))].sort((a, b) => a - b);
  return `the endpoint counts different prompts of ${words} words as ${counts.join(' and ')} tokens`;
}

function jumpsText(samples: readonly LengthSample[], target: number): string {
  const below = samples.filter(({ tokens }) => tokens < target).sort((a, b) => b.words - a.words)[0];
  const above = samples.filter(({ tokens }) => tokens > target).sort((a, b) => a.words - b.words)[0];
  return `the endpoint counts ${below?.words} words as ${below?.tokens} tokens and ${above?.words} as ${above?.tokens}: none as ${target}`;
}

function templateText({ words, tokens }: LengthSample, target: number): string {
  return `the endpoint counts a prompt of ${words} ${words === 1 ? 'word' : 'words'} as ${tokens} tokens: its chat template leaves no room for a prompt of ${target}`;
}
