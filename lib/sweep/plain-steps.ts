import { anchorOf, type Clock, monotonicAt } from '../timing/clock.ts';
import type { Steps } from './steps.ts';

/** Steps of a sweep that lives and dies with its process: nothing is remembered, a stop is told to one wait. */
export function plainSteps(clock: Clock, stop: AbortSignal): Steps {
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
    call: (_, callee, input) => callee(input),
  };
}
