import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import { count, parallelRequests, time, wordList } from '../format.ts';
import type { Report } from '../report.ts';
import { answerLevel, believed } from './believed.ts';
import type { GuidanceItem } from './guidance-item.ts';

interface Terms {
  readonly level: number;
  readonly ttftMs: number;
  readonly tpotMs: number;
  readonly latencyMs: number;
  /** Tokens of an answer, mean. */
  readonly tokens: number | null;
}

/** latency = TTFT + TPOT × (n − 1), in milliseconds. */
export function latencyByFormula({ ttftMs, tpotMs }: Pick<Terms, 'ttftMs' | 'tpotMs'>, tokens: number): number {
  return ttftMs + tpotMs * (tokens - 1);
}

/** The formula with the medians of a level, beside what was measured; null where a term is unknown. */
export function latencyFormula(view: CellView, probe: Report['probe']): GuidanceItem | null {
  const terms = termsOf(view);
  // Reasoning that does not stream is counted among the output tokens, but takes no TPOT.
  if (terms === null || terms.tokens === null || terms.tokens < 2 || probe?.reasoning === 'hidden') return null;
  const { level, ttftMs, tpotMs, latencyMs } = terms;
  const n = Math.round(terms.tokens);
  const made = `${time(ttftMs)} + ${time(tpotMs)} × (${count(n)} − 1) ≈ ${time(latencyByFormula(terms, n))}`;
  return {
    title: 'Latency = TTFT + TPOT × (n − 1)',
    text: `At ${parallelRequests(level)}, with medians and the mean length n: ${made}; measured p50: ${time(latencyMs)}. Of each single answer it is exact, of medians only about so. Databricks’ page writes × n; the first token is in TTFT already, so n − 1 are left.`,
    levels: [level],
    short: false,
  };
}

const otherLengths = [100, 500, 1000] as const;

/** What answers of other lengths would take at that level, by the formula; null where a term is unknown. */
export function otherAnswers(view: CellView, probe: Report['probe']): GuidanceItem | null {
  const terms = termsOf(view);
  // TTFT then holds the reasoning, which is longer for longer answers.
  if (terms === null || probe?.reasoning === 'hidden') return null;
  const { level } = terms;
  const parts = otherLengths.map((tokens) => `${time(latencyByFormula(terms, tokens))} for ${count(tokens)} tokens`);
  return {
    title: 'Shorter and longer answers',
    text: `By TTFT + TPOT × (n − 1) an answer at ${parallelRequests(level)} would take ${wordList(parts)}. This is extrapolated from the p50 measured, with the same prompts and the same TPOT; it was not measured.`,
    levels: [level],
    short: false,
  };
}

/** Of the answer's level, else of the lowest that has all of them. */
function termsOf(view: CellView): Terms | null {
  const all = believed(view).flatMap(termsAt);
  const wanted = answerLevel(view);
  return all.find(({ level }) => level === wanted) ?? all[0] ?? null;
}

function termsAt({ level, ttftMs, tpotMs, latencyMs, meanOutputTokens }: Point): Terms[] {
  if (ttftMs.p50 === null || tpotMs.p50 === null || latencyMs.p50 === null) return [];
  return [{ level, ttftMs: ttftMs.p50, tpotMs: tpotMs.p50, latencyMs: latencyMs.p50, tokens: meanOutputTokens }];
}
