import type { Slo } from '../spec/slo.ts';
import type { MeasuredColumns } from './measured.ts';
import type { Goodput } from './point.ts';
import { isWithin, type Window } from './window.ts';

/** Bounds on single requests, in milliseconds. */
export type RequestBounds = NonNullable<Slo['perRequest']>;

/** How a request fares against the bounds: `unjudged` when all of them were skipped. */
type Judgement = 'good' | 'missed' | 'unjudged';

/**
 * Good is an ok request that keeps all bounds, reaching one included. A bound is skipped when its metric is null, but
 * unknown tokens miss a bound on TPOT. Null for what no request could be judged by, and where there was none.
 */
export function goodputOf(runs: readonly MeasuredRun[], bounds: RequestBounds): Goodput {
  const tallies = runs.map((run) => tallyOf(run, bounds));
  const sum = (of: keyof Tally) => tallies.reduce((total, tally) => total + tally[of], 0);
  const nothingJudged = sum('ok') > 0 && sum('unjudged') === sum('ok');
  const seconds = sum('requests') === 0 ? 0 : runs.reduce((total, { window }) => total + window.seconds, 0);
  return {
    share: sum('samples') === 0 || nothingJudged ? null : sum('good') / sum('samples'),
    requestsPerSecond: nothingJudged || !(seconds > 0) ? null : sum('goodInWindow') / seconds,
    skipped: sum('skipped'),
  };
}

/** The requests of a run, and its window. */
export interface MeasuredRun {
  readonly columns: MeasuredColumns;
  readonly window: Window;
}

interface Tally {
  readonly requests: number;
  readonly samples: number;
  readonly ok: number;
  readonly good: number;
  readonly unjudged: number;
  readonly skipped: number;
  readonly goodInWindow: number;
}

function tallyOf({ columns, window }: MeasuredRun, bounds: RequestBounds): Tally {
  const tally = { requests: columns.rows, samples: 0, ok: 0, good: 0, unjudged: 0, skipped: 0, goodInWindow: 0 };
  for (let row = 0; row < columns.rows; row++) {
    const inCohort = columns.phase[row] === 'cohort' && columns.outcome[row] !== 'cancelled';
    if (inCohort) tally.samples += 1;
    if (columns.outcome[row] !== 'ok') continue;
    const { judgement, skipped } = judged(columns, row, bounds);
    const good = judgement !== 'missed';
    if (good && isWithin(window, columns.endUs[row] ?? Number.NaN)) tally.goodInWindow += 1;
    if (!inCohort) continue;
    tally.ok += 1;
    if (good) tally.good += 1;
    if (judgement === 'unjudged') tally.unjudged += 1;
    if (skipped) tally.skipped += 1;
  }
  return tally;
}

function judged(
  columns: MeasuredColumns,
  row: number,
  { ttft, ttfo, tpot, latency }: RequestBounds,
): { judgement: Judgement; skipped: boolean } {
  const countUnknown = Number.isNaN(columns.streamedTokens[row] ?? Number.NaN);
  const measured = [
    { bound: ttft, value: columns.ttftMs[row] },
    { bound: ttfo, value: columns.ttfoMs[row] },
    { bound: tpot, value: countUnknown ? Number.POSITIVE_INFINITY : columns.tpotMs[row] },
    { bound: latency, value: columns.latencyMs[row] },
  ];
  let checked = 0;
  let missed = false;
  let skipped = false;
  for (const { bound, value = Number.NaN } of measured) {
    if (bound === null) continue;
    if (Number.isNaN(value)) skipped = true;
    else {
      checked += 1;
      if (value > bound) missed = true;
    }
  }
  if (missed) return { judgement: 'missed', skipped };
  return { judgement: checked === 0 ? 'unjudged' : 'good', skipped };
}
