import type { DurableContext, DurableLogger, RetryDecision } from '@aws/durable-execution-sdk-js';
import { CallbackTimeoutError } from '@aws/durable-execution-sdk-js';
import type { AggregatorAnswer, AggregatorCall } from '../aggregator/aggregator.ts';
import { jsonText } from '../store/json.ts';
import { callbackKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from '../timing/clock.ts';
import type { Steps } from './steps.ts';

export interface DurableStepsOptions {
  readonly context: Pick<DurableContext<DurableLogger>, 'step' | 'createCallback' | 'invoke' | 'wait'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly sweepId: string;
  /** ARN of the aggregator's alias. */
  readonly aggregator: string;
}

/** The open callback of a sweep that waits, `paretoken.callback.v1`: whoever completes it wakes the sweep. */
export interface OpenCallback {
  readonly schema: 'paretoken.callback.v1';
  readonly callbackId: string;
}

/** A step or a call that fails is tried so often in all. */
const mostAttempts = 3;

/**
 * Steps of a sweep in a durable execution: what they gave is remembered by the service. A wait is a callback with a
 * timeout, whose id rests in the store, so that a stop can wake it; nothing is billed while it lasts.
 */
export function durableSteps({ context, store, clock, sweepId, aggregator }: DurableStepsOptions): Steps {
  return {
    step: durableStep(context),
    async waitUntil(name, epochMs) {
      // Of weight only when the callback is made: a replay finds it made, and takes no turn by the clock.
      const seconds = Math.max(1, Math.ceil((epochMs - clock.nowEpochMs()) / 1000));
      const [woken, callbackId] = await context.createCallback(name, { timeout: { seconds } });
      const open: OpenCallback = { schema: 'paretoken.callback.v1', callbackId };
      await context.step(`${name}-open`, () => store.put(callbackKey(sweepId), jsonText(open)), { retryStrategy });
      try {
        await woken;
        return 'stopped';
      } catch (error) {
        if (error instanceof CallbackTimeoutError) return 'elapsed';
        throw error;
      }
    },
    async call<C extends AggregatorCall>(name: string, call: C) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await context.invoke<C, AggregatorAnswer<C>>(`${name}-${attempt}`, aggregator, call);
        } catch (error) {
          if (attempt === mostAttempts) throw error;
          // Whatever kept it from running, such as a throttled account, takes a moment to pass.
          await context.wait(`${name}-pause-${attempt}`, { seconds: 15 });
        }
      }
    },
  };
}

/** Steps of an execution whose sweep is not known yet. */
export function durableStep(context: Pick<DurableContext<DurableLogger>, 'step'>): Steps['step'] {
  return (name, body) => context.step(name, body, { retryStrategy });
}

/** The platform's own default is six attempts, the last after minutes. */
function retryStrategy(_: Error, attempts: number): RetryDecision {
  return { shouldRetry: attempts < mostAttempts, delay: { seconds: 2 ** attempts } };
}
