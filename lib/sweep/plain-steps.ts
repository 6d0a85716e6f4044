import { type Aggregator, type AggregatorAnswer, type AggregatorCall, answerCall } from '../aggregator/aggregator.ts';
import { anchorOf, type Clock, monotonicAt } from '../timing/clock.ts';
import type { StageSteps, Steps } from './steps.ts';

export interface PlainStepsOptions {
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly aggregator: Aggregator;
}

/** Steps of a sweep that lives and dies with its process: nothing is remembered, a stop is told to one wait. */
export function plainSteps({ aggregator, ...rest }: PlainStepsOptions): Steps {
  return {
    ...plainStageSteps(rest),
    async call<C extends AggregatorCall>(_: string, call: C) {
      return (await answerCall(aggregator, call)) as AggregatorAnswer<C>;
    },
  };
}

/** The same for stages that nobody aggregates. */
export function plainStageSteps({ clock, stop }: Omit<PlainStepsOptions, 'aggregator'>): StageSteps {
  let told = false;
  return {
    step: (_, body) => body(),
    async waitUntil(_, epochMs) {
      const untilUs = monotonicAt(anchorOf(clock), epochMs);
      await (told ? clock.sleepUntil(untilUs) : clock.sleepUntil(untilUs, stop));
      if (told || !stop.aborted) return 'elapsed';
      told = true;
      return 'stopped';
    },
  };
}
