import type { WordsToTokens } from '../plan/probe-finding.ts';
import { seededRandom } from '../plan/seeded-random.ts';
import { words } from './words.ts';

/** Words of a prompt that the endpoint should count as `tokens`; at least one. */
export function wordsForTokens(tokens: number, { slope, intercept }: WordsToTokens): number {
  return Math.max(1, Math.round((tokens - intercept) / slope));
}

/**
 * A synthetic prompt of exactly `count` words, drawn from the seed parts: unique for each request, so that no cache of
 * prefixes answers in the model's stead.
 */
export function syntheticPrompt(count: number, ...seedParts: readonly (string | number)[]): string {
  const random = seededRandom(...seedParts);
  const drawn = new Array<string>(count);
  for (let i = 0; i < count; i++) drawn[i] = words[Math.floor(random() * words.length)] ?? 'time';
  return drawn.join(' ');
}
