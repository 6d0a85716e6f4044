import type { Ended } from '../plan/ended.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Report } from '../report/report.ts';

/** Turns what workers stored into points and a report; both calls redraw the report from what is stored. */
export interface Aggregator {
  /** Reduces one stage to its point and keeps it. */
  aggregate(sweepId: string, stage: number): Promise<Verdict>;
  /** Draws the last report, which says how the sweep ended. */
  conclude(sweepId: string, ended: Ended): Promise<Report>;
}
