import { type Fault, FaultList } from './fault-list.ts';
import type { Invoke } from './invoke.ts';

export type InvokeMatch = (invoke: Invoke) => boolean;

/** Faults of the Lambda service that a test sets; each strikes the invokes it matches, by default once. */
export class LambdaFaults {
  readonly #throttles = new FaultList<Invoke, true>();
  readonly #queueThrottles = new FaultList<Invoke, true>();
  readonly #losses = new FaultList<Invoke, true>();
  readonly #duplicates = new FaultList<Invoke, number>();
  readonly #kills = new FaultList<Invoke, number>();

  /** The API refuses with TooManyRequestsException; the SDK asks again by itself, which counts. */
  throttle(match: InvokeMatch, times = Number.POSITIVE_INFINITY): Fault {
    return this.#throttles.add(match, true, times);
  }

  /** An event is accepted, but throttled whenever it is to be delivered, until it is too old. */
  throttleInQueue(match: InvokeMatch, times = Number.POSITIVE_INFINITY): Fault {
    return this.#queueThrottles.add(match, true, times);
  }

  /** Carries the invoke out and drops the connection without an answer. */
  answerLost(match: InvokeMatch, times = 1): Fault {
    return this.#losses.add(match, true, times);
  }

  /** Delivers an event a second time, after a while or at once. */
  duplicate(match: InvokeMatch, afterMs = 0, times = 1): Fault {
    return this.#duplicates.add(match, afterMs, times);
  }

  /** Ends the process so long after the invocation has begun. */
  killAfter(match: InvokeMatch, ms: number, times = 1): Fault {
    return this.#kills.add(match, ms, times);
  }

  isThrottled = (invoke: Invoke) => this.#throttles.strike(invoke).length > 0;
  isThrottledInQueue = (invoke: Invoke) => this.#queueThrottles.strike(invoke).length > 0;
  isAnswerLost = (invoke: Invoke) => this.#losses.strike(invoke).length > 0;
  duplicatesAfterMs = (invoke: Invoke): readonly number[] => this.#duplicates.strike(invoke);
  killsAfterMs = (invoke: Invoke): readonly number[] => this.#kills.strike(invoke);
}
