import type { Interval } from '../plan/verdict.ts';
import { slicesPerWindow } from '../record/request-record.ts';
import type { StageColumns } from '../record/stage-columns.ts';
import { mergedSlices, noInterval, rateInterval } from './interval.ts';
import type { Rate } from './point.ts';
import { ratioOver } from './ratio.ts';
import { isWithin, overlapUs, type Window } from './window.ts';

/** What arrived in a window, and in each of its slices; null where the slices do not tell. */
export interface Amount {
  readonly sum: number;
  readonly bySlice: readonly number[] | null;
}

/** What arrived in the window of one run; null where nobody can tell. */
export interface Arrivals {
  readonly window: Window;
  /** Batches that count as independent; null in a window too short for intervals. */
  readonly batches: number | null;
  readonly outputTokens: Amount | null;
  readonly totalTokens: Amount | null;
  readonly requests: Amount | null;
  /** Tokens of some answers in the window are unknown. */
  readonly isLowerBound: boolean;
}

/**
 * Output tokens count at the stamps of their events (the workers have summed them), input tokens at the first token, both
 * at the end of an answer that was not streamed, requests at their end. An amount is null without a window or requests,
 * tokens also when no answer in the window says how many it had.
 */
export function arrivalsOf(columns: StageColumns, window: Window, batches: number | null): Arrivals {
  const answers = answersIn(columns, window);
  const nothing = columns.rows === 0 || !(window.seconds > 0);
  const untold = nothing || (answers.known === 0 && answers.unknown > 0);
  const output = untold ? null : outputOf(columns);
  const input = sliceSums(columns, window, (row) => [inputAtUs(columns, row), columns.inputTokens[row] ?? Number.NaN]);
  const totalUntold = output === null || (input.counted === 0 && answers.known > 0);
  return {
    window,
    batches,
    outputTokens: output,
    totalTokens: totalUntold ? null : together(output, input),
    requests: nothing ? null : sliceSums(columns, window, (row) => [endedAtUs(columns, row), 1]),
    isLowerBound: answers.unknown > 0,
  };
}

/** What came out per second of window, over all runs that can tell. */
export interface Throughput {
  readonly outputTokensPerSecond: Rate;
  readonly totalTokensPerSecond: Rate;
  readonly requestsPerSecond: Rate;
  readonly isLowerBound: boolean;
}

export function throughputOf(runs: readonly Arrivals[]): Throughput {
  return {
    outputTokensPerSecond: rateOf(runs, 'outputTokens'),
    totalTokensPerSecond: rateOf(runs, 'totalTokens'),
    requestsPerSecond: rateOf(runs, 'requests'),
    isLowerBound: runs.some(({ isLowerBound }) => isLowerBound),
  };
}

type AmountName = 'outputTokens' | 'totalTokens' | 'requests';

function rateOf(runs: readonly Arrivals[], of: AmountName): Rate {
  const telling = runs.filter((run) => run[of] !== null);
  const value = ratioOver(telling, (run) => [run[of]?.sum ?? 0, run.window.seconds]);
  return { value, ci: value === null ? noInterval : intervalOf(telling, of) };
}

/** Over the batches of all runs; none where one of the runs has none. */
function intervalOf(runs: readonly Arrivals[], of: AmountName): Interval {
  const batches = runs.map((run) => {
    const bySlice = run[of]?.bySlice ?? null;
    if (bySlice === null || run.batches === null) return null;
    const seconds = run.window.seconds / run.batches;
    return mergedSlices(bySlice, run.batches).map((amount) => ({ amount, seconds }));
  });
  return batches.includes(null) ? noInterval : rateInterval(batches.flatMap((run) => run ?? []));
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

interface SliceSums extends Amount {
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

/** Slices that are missing from a file must not be taken for slices without tokens. */
function outputOf({ windowTokens, tokensBySlice }: StageColumns): Amount {
  const sum = windowTokens.reduce((total, value) => (Number.isNaN(value) ? total : total + value), 0);
  const ofSlices = tokensBySlice.reduce((all, part) => all + part, 0);
  const agree = Math.abs(ofSlices - sum) <= 1e-6 * Math.max(1, sum);
  return { sum, bySlice: agree ? tokensBySlice : null };
}

function together(output: Amount, input: SliceSums): Amount {
  return {
    sum: output.sum + input.sum,
    bySlice: output.bySlice?.map((tokens, slice) => tokens + (input.bySlice[slice] ?? 0)) ?? null,
  };
}
