import { slicesPerWindow } from '../record/request-record.ts';
import type { StageColumns } from '../record/stage-columns.ts';
import { meanInterval, mergedSlices, noInterval } from './interval.ts';
import type { Rate } from './point.ts';
import { isWithin, overlapUs, type Window } from './window.ts';

/** What came out of a stage in its window, per second. */
export interface Throughput {
  readonly outputTokensPerSecond: Rate;
  readonly totalTokensPerSecond: Rate;
  readonly requestsPerSecond: Rate;
  /** Tokens of some answers in the window are unknown. */
  readonly isLowerBound: boolean;
  /** Output tokens in each slice of the window; null where the total is, or the slices do not tell. */
  readonly tokensBySlice: readonly number[] | null;
}

/**
 * Output tokens count at the stamps of their events (the workers have summed them), input tokens at the first token, both
 * at the end of an answer that was not streamed, requests at their end. A total is null without requests, or when no
 * answer in the window says how many tokens it had.
 */
export function throughputOf(columns: StageColumns, window: Window, batches: number | null): Throughput {
  const answers = answersIn(columns, window);
  const rate = (total: number | null, bySlice: readonly number[] | null): Rate => ({
    value: total === null || !(window.seconds > 0) ? null : total / window.seconds,
    ci: total === null || bySlice === null || batches === null ? noInterval : rateInterval(bySlice, window, batches),
  });
  const untold = columns.rows === 0 || (answers.known === 0 && answers.unknown > 0);
  const output = untold ? null : total(columns.windowTokens);
  const outputBySlice = output !== null && agrees(output, columns.tokensBySlice) ? columns.tokensBySlice : null;
  const input = sliceSums(columns, window, (row) => [inputAtUs(columns, row), columns.inputTokens[row] ?? Number.NaN]);
  const both = output === null || (input.counted === 0 && answers.known > 0) ? null : output + input.sum;
  const ended = sliceSums(columns, window, (row) => [endedAtUs(columns, row), 1]);
  return {
    outputTokensPerSecond: rate(output, outputBySlice),
    totalTokensPerSecond: rate(
      both,
      outputBySlice?.map((tokens, slice) => tokens + (input.bySlice[slice] ?? 0)) ?? null,
    ),
    requestsPerSecond: rate(columns.rows === 0 ? null : ended.sum, ended.bySlice),
    isLowerBound: answers.unknown > 0,
    tokensBySlice: outputBySlice,
  };
}

function rateInterval(bySlice: readonly number[], window: Window, batches: number) {
  return meanInterval(mergedSlices(bySlice, batches).map((sum) => sum / (window.seconds / batches)));
}

/** Answers with tokens in the window, by whether their number is known. */
function answersIn(columns: StageColumns, window: Window): { known: number; unknown: number } {
  let known = 0;
  let unknown = 0;
  for (let row = 0; row < columns.rows; row++) {
    const from = inputAtUs(columns, row);
    const to = columns.streamed[row] === 1 ? (columns.lastTokenUs[row] ?? Number.NaN) : from;
    if (!isWithin(window, from) && overlapUs(window, from, to) === 0) continue;
    if (Number.isNaN(columns.streamedTokens[row])) unknown += 1;
    else known += 1;
  }
  return { known, unknown };
}

/** When an answer's input tokens count: at its first token, or at its end when it was not streamed. */
function inputAtUs(columns: StageColumns, row: number): number {
  if (columns.streamed[row] === 1) return columns.firstTokenUs[row] ?? Number.NaN;
  return endedAtUs(columns, row);
}

function endedAtUs(columns: StageColumns, row: number): number {
  return columns.outcome[row] === 'ok' ? (columns.endUs[row] ?? Number.NaN) : Number.NaN;
}

interface SliceSums {
  readonly sum: number;
  readonly counted: number;
  readonly bySlice: readonly number[];
}

/** Sums amounts by the slice of the window in which each falls; what is unknown (NaN) falls in none. */
function sliceSums(
  { rows }: StageColumns,
  window: Window,
  amountOf: (row: number) => readonly [atUs: number, amount: number],
): SliceSums {
  const bySlice = new Array<number>(slicesPerWindow).fill(0);
  let sum = 0;
  let counted = 0;
  for (let row = 0; row < rows; row++) {
    const [atUs, amount] = amountOf(row);
    if (!isWithin(window, atUs) || Number.isNaN(amount)) continue;
    const slice = Math.floor(((atUs - window.startUs) / (window.endUs - window.startUs)) * slicesPerWindow);
    bySlice[Math.min(slice, slicesPerWindow - 1)] = (bySlice[Math.min(slice, slicesPerWindow - 1)] ?? 0) + amount;
    sum += amount;
    counted += 1;
  }
  return { sum, counted, bySlice };
}

function total(column: Float64Array): number {
  return column.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0);
}

/** Slices that are missing from a file must not be taken for slices without tokens. */
function agrees(sum: number, slices: readonly number[]): boolean {
  const ofSlices = slices.reduce((all, part) => all + part, 0);
  return Math.abs(ofSlices - sum) <= 1e-6 * Math.max(1, sum);
}
