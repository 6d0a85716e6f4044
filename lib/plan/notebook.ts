import type { Outcome } from '../timing/outcome.ts';
import type { ParityPass } from './pass.ts';

/** What a pass of Databricks' notebook came to. */
export interface PassFigures {
  readonly pass: ParityPass;
  readonly requests: number;
  readonly ok: number;
  /** R-7 median of end − sent over the ok answers, however few; null without any. */
  readonly medianMs: number | null;
  /** Means over the ok answers, by the endpoint's own usage; null where it gives none. */
  readonly meanInputTokens: number | null;
  readonly meanOutputTokens: number | null;
  /** Up to 5 of the endpoint's own messages with their counts; foreign text. */
  readonly messages: readonly { readonly outcome: Outcome; readonly message: string; readonly count: number }[];
}

/** The notebook's figures of a level; null where a pass or the usage is missing. */
export interface NotebookFigures {
  /** m1: the time of an answer of one token. */
  readonly ttftMs: number | null;
  /** (m − m½) ÷ (out(n) − out(n ÷ 2)). */
  readonly tpotMs: number | null;
  /** m: the time of a whole answer. */
  readonly latencyMs: number | null;
  /** (mean input + mean output tokens) × parallel ÷ m. */
  readonly tokensPerSecond: number | null;
  /** In the order in which they are run. */
  readonly passes: readonly PassFigures[];
}

/**
 * The figures of Databricks' notebook for a number of parallel requests, from its passes: those that were not run are
 * missing, and what rests on them is null.
 */
export function notebookFigures(parallel: number, passes: readonly PassFigures[]): NotebookFigures {
  const of = (pass: ParityPass) => passes.find((one) => one.pass === pass) ?? null;
  const full = of('parity_full');
  return {
    ttftMs: of('parity_1')?.medianMs ?? null,
    tpotMs: tpotOf(of('parity_half'), full),
    latencyMs: full?.medianMs ?? null,
    tokensPerSecond: full && throughputOf(parallel, full),
    passes,
  };
}

function tpotOf(half: PassFigures | null, full: PassFigures | null): number | null {
  const [m, mHalf, out, outHalf] = [full?.medianMs, half?.medianMs, full?.meanOutputTokens, half?.meanOutputTokens];
  if (m == null || mHalf == null || out == null || outHalf == null || out === outHalf) return null;
  return (m - mHalf) / (out - outHalf);
}

/** Throughput as the notebook works it out, from its pass of whole answers alone. */
export function throughputOf(parallel: number, full: PassFigures): number | null {
  const { medianMs, meanInputTokens, meanOutputTokens } = full;
  if (medianMs === null || medianMs <= 0 || meanInputTokens === null || meanOutputTokens === null) return null;
  return ((meanInputTokens + meanOutputTokens) * parallel * 1000) / medianMs;
}

/** The notebook goes on while throughput rises by at least this share from one level to the next. */
const leastRise = 0.1;

/** Whether throughput rose too little for the notebook to go on: by less than 10 % in a single step. */
export function isNotebookPlateau(before: number | null, now: number | null): boolean {
  return before !== null && now !== null && now < before * (1 + leastRise);
}
