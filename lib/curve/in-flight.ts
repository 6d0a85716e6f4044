import type { Receipt } from '../record/receipt.ts';
import { slicesPerWindow } from '../record/request-record.ts';
import type { StageColumns } from '../record/stage-columns.ts';
import { ratioOver } from './ratio.ts';
import { isWithin, overlapUs, slicesOf, type Window } from './window.ts';

/** Requests in flight over the window of a run, in request-seconds, seen twice: by the workers' gauges and by their records. */
export interface InFlight {
  /** In each slice: by a worker's gauge, or by its records when it left no receipt. */
  readonly secondsBySlice: readonly number[];
  readonly seconds: number;
  /** Over workers with a receipt: Σ gauge, Σ records, Σ |gauge − records|, Σ the larger of both. */
  readonly gauged: {
    readonly gauge: number;
    readonly records: number;
    readonly apart: number;
    readonly larger: number;
  };
}

export function inFlightOf(columns: StageColumns, receipts: readonly Receipt[], window: Window): InFlight {
  const recorded = overlapByWorker(columns, window);
  const gauged = new Map(receipts.map((receipt) => [receipt.worker, receipt.inFlightSecondsBySlice]));
  const secondsBySlice = new Array<number>(slicesPerWindow).fill(0);
  const sums = { gauge: 0, records: 0, apart: 0, larger: 0 };
  for (const worker of new Set([...recorded.keys(), ...gauged.keys()])) {
    const gauge = gauged.get(worker);
    const records = recorded.get(worker) ?? [];
    for (let slice = 0; slice < slicesPerWindow; slice++) {
      secondsBySlice[slice] = (secondsBySlice[slice] ?? 0) + ((gauge ?? records)[slice] ?? 0);
    }
    if (gauge) compare(sums, sum(gauge), sum(records));
  }
  return { secondsBySlice, seconds: sum(secondsBySlice), gauged: sums };
}

/** Σ overlap of records ÷ Σ gauges; null when nothing was in flight. */
export function completenessOf(runs: readonly Pick<InFlight, 'gauged'>[]): number | null {
  return ratioOver(runs, ({ gauged }) => [gauged.records, gauged.gauge]);
}

/** Σ |gauge − records| of each worker ÷ Σ the larger of both: one worker's records do not make up for another's. */
export function missingShareOf(runs: readonly Pick<InFlight, 'gauged'>[]): number | null {
  return ratioOver(runs, ({ gauged }) => [gauged.apart, gauged.larger]);
}

function compare(
  sums: { gauge: number; records: number; apart: number; larger: number },
  gauge: number,
  records: number,
): void {
  sums.gauge += gauge;
  sums.records += records;
  sums.apart += Math.abs(gauge - records);
  sums.larger += Math.max(gauge, records);
}

/** Seconds of [sent, settled] in each slice of the window, by worker. */
function overlapByWorker(columns: StageColumns, window: Window): Map<number, number[]> {
  const slices = slicesOf(window, slicesPerWindow);
  const workers = new Map<number, number[]>();
  for (let row = 0; row < columns.rows; row++) {
    const sentUs = columns.sentUs[row] ?? Number.NaN;
    const settledUs = columns.settledUs[row] ?? Number.NaN;
    if (!(sentUs < window.endUs && settledUs > window.startUs)) continue;
    const worker = columns.worker[row] ?? 0;
    const seconds = workers.get(worker) ?? new Array<number>(slicesPerWindow).fill(0);
    workers.set(worker, seconds);
    const perSlice = (window.endUs - window.startUs) / slicesPerWindow;
    for (
      let slice = Math.max(0, Math.floor((sentUs - window.startUs) / perSlice) - 1);
      slice < slicesPerWindow;
      slice++
    ) {
      const bounds = slices[slice];
      if (!bounds || bounds.startUs >= settledUs) break;
      seconds[slice] = (seconds[slice] ?? 0) + overlapUs(bounds, sentUs, settledUs) / 1e6;
    }
  }
  return workers;
}

/** The cohort's time in flight, and how much of it had too few requests beside it, in request-microseconds. */
export interface CohortTime {
  readonly wholeUs: number;
  /** With fewer than 95 % of the level in flight in all. */
  readonly emptiedUs: number;
}

/** A sweep over the sorted moments of entering and leaving flight. */
export function cohortTimeOf(columns: StageColumns, level: number): CohortTime {
  const all = flights(columns, () => true);
  const cohort = flights(columns, (row) => columns.phase[row] === 'cohort');
  const moments = [all.entered, all.left, cohort.entered, cohort.left];
  const next = [0, 0, 0, 0];
  let emptied = 0;
  let whole = 0;
  let nowUs = Number.NEGATIVE_INFINITY;
  for (;;) {
    const thenUs = Math.min(...moments.map((times, which) => times[next[which] ?? 0] ?? Number.POSITIVE_INFINITY));
    const [entered = 0, left = 0, cohortEntered = 0, cohortLeft = 0] = next;
    const requestTime = cohortEntered > cohortLeft ? (cohortEntered - cohortLeft) * (thenUs - nowUs) : 0;
    whole += requestTime;
    if (entered - left < 0.95 * level) emptied += requestTime;
    if (thenUs === Number.POSITIVE_INFINITY) break;
    nowUs = thenUs;
    moments.forEach((times, which) => {
      while (times[next[which] ?? 0] === nowUs) next[which] = (next[which] ?? 0) + 1;
    });
  }
  return { wholeUs: whole, emptiedUs: emptied };
}

/** Sorted moments at which requests entered and left flight. */
function flights({ rows, sentUs, settledUs }: StageColumns, among: (row: number) => boolean) {
  const places = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => among(row) && !Number.isNaN(sentUs[row]),
  );
  const times = (column: Float64Array) => Float64Array.from(places, (row) => column[row] ?? Number.NaN).sort();
  return { entered: times(sentUs), left: times(settledUs) };
}

/** Time in flight of the requests that settled in the window: N × W of Little's law, λ·W ÷ L = N·W ÷ (L × window). */
export function settledSecondsOf(columns: StageColumns, window: Window): number {
  let seconds = 0;
  for (let row = 0; row < columns.rows; row++) {
    const settledUs = columns.settledUs[row] ?? Number.NaN;
    if (isWithin(window, settledUs)) seconds += (settledUs - (columns.sentUs[row] ?? Number.NaN)) / 1e6;
  }
  return seconds;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
