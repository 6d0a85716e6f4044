import type { AggregatorAnswer, AggregatorCall } from '../aggregator/aggregator.ts';

/**
 * The only ways in which a sweep touches time and the world: each result is remembered under its name, so that a
 * sweep that is run again from the start comes to where it was.
 */
export interface StageSteps {
  /** Runs `body` once and remembers what it gave, as JSON; after a crash it may run again, so it is idempotent. */
  step<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** Waits until the wall clock shows `epochMs`, or the sweep is stopped. */
  waitUntil(name: string, epochMs: number): Promise<'elapsed' | 'stopped'>;
}

/** Steps of a whole sweep. */
export interface Steps extends StageSteps {
  /** Calls the aggregator, which remembers nothing itself. */
  call<C extends AggregatorCall>(name: string, call: C): Promise<AggregatorAnswer<C>>;
}
