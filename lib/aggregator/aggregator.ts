import type { Ended } from '../plan/ended.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Report } from '../report/report.ts';

/** Turns what rests of a sweep into points, verdicts and the report. */
export interface Aggregator {
  /** Reduces one stage, keeps its point, and draws the report of all stages so far. */
  aggregate(sweepId: string, stage: number): Promise<Verdict>;
  /** Draws the last report. */
  conclude(sweepId: string, ended: Ended): Promise<Report>;
}
