import type { Stage } from '../plan/stage.ts';
import type { Receipt } from '../record/receipt.ts';
import type { StageColumns } from '../record/stage-columns.ts';
import { type Cohort, cohortOf } from './cohort.ts';
import { type Crew, crewOf } from './crew.ts';
import { driftWithin } from './halves.ts';
import { type CohortTime, cohortTimeOf, type InFlight, inFlightOf, settledSecondsOf } from './in-flight.ts';
import { batchesIn } from './interval.ts';
import { type MeasuredColumns, measure } from './measured.ts';
import type { Usage } from './point.ts';
import { type Arrivals, arrivalsOf } from './throughput.ts';
import { usageOf } from './usage.ts';
import { type Window, windowOf } from './window.ts';

/** What is left of a stage to make a point of. */
export interface StageData {
  readonly stage: Stage;
  readonly columns: StageColumns;
  readonly receipts: readonly Receipt[];
  /** Files of records that are missing or could not be read. */
  readonly partsUnreadable: number;
}

/** A stage, measured on its own: what a point is made of, alone or together with other runs of the same level. */
export interface Run extends Omit<StageData, 'columns'> {
  readonly columns: MeasuredColumns;
  readonly window: Window;
  readonly cohort: Cohort;
  readonly arrivals: Arrivals;
  readonly inFlight: InFlight;
  readonly cohortTime: CohortTime;
  readonly settledSeconds: number;
  readonly crew: Crew;
  readonly usage: Usage;
  /** The window is too short for intervals. */
  readonly isShort: boolean;
  /** The larger change from the first to the second half of the window; null when there is none to speak of. */
  readonly driftWithin: number | null;
}

/** Measures what is left of a stage, whatever is missing of it. */
export function runOf({ stage, columns: stored, receipts, partsUnreadable }: StageData): Run {
  const window = windowOf(stage, receipts);
  const columns = measure(stored);
  const cohort = cohortOf(columns);
  const p50LatencyMs = cohort.metrics.latencyMs.percentiles[50];
  const batches = p50LatencyMs === null ? null : batchesIn(window.seconds * 1000, p50LatencyMs);
  const arrivals = arrivalsOf(columns, window, batches);
  return {
    stage,
    receipts,
    partsUnreadable,
    columns,
    window,
    cohort,
    arrivals,
    inFlight: inFlightOf(columns, receipts, window),
    cohortTime: cohortTimeOf(columns, stage.level),
    settledSeconds: settledSecondsOf(columns, window),
    crew: crewOf(stage, receipts),
    usage: usageOf(columns, receipts),
    isShort: p50LatencyMs !== null && batches === null,
    driftWithin: driftWithin(cohort, arrivals),
  };
}
