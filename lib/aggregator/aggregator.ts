import type { Ended } from '../plan/ended.ts';
import type { Verdict } from '../plan/verdict.ts';
import type { Summary } from '../report/summary.ts';

/** Turns what rests of a sweep into points, verdicts and the report. */
export interface Aggregator {
  /** Reduces one stage, keeps its point, and draws the report of all stages so far. */
  aggregate(sweepId: string, stage: number): Promise<Verdict>;
  /** Draws the last report. */
  conclude(sweepId: string, ended: Ended): Promise<Summary>;
}

/** A call of the aggregator as it crosses to another process. */
export type AggregatorCall =
  | { readonly verb: 'aggregate'; readonly sweepId: string; readonly stage: number }
  | { readonly verb: 'conclude'; readonly sweepId: string; readonly ended: Ended };

/** What a call gives. */
export type AggregatorAnswer<C extends AggregatorCall> = C extends { readonly verb: 'aggregate' } ? Verdict : Summary;

/** Carries out a call that came from elsewhere. */
export function answerCall(aggregator: Aggregator, call: AggregatorCall): Promise<Verdict | Summary> {
  switch (call.verb) {
    case 'aggregate':
      return aggregator.aggregate(call.sweepId, call.stage);
    case 'conclude':
      return aggregator.conclude(call.sweepId, call.ended);
  }
}
