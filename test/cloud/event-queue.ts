import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationResult } from './environment.ts';
import { eventInvokeOf, type FunctionTarget } from './function-target.ts';

/** An event that was accepted. */
export interface QueuedEvent {
  readonly requestId: string;
  readonly target: FunctionTarget;
  readonly payload: Buffer;
}

/** An event that was given up, as the failure queue is told of it. */
export interface FailedEvent {
  /** ARN; null when the function has none, and the event is lost without a trace. */
  readonly queue: string | null;
  readonly functionName: string;
  readonly requestId: string;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  /** Invocations that it had. */
  readonly invokes: number;
  readonly event: unknown;
  /** What the last invocation answered; null when there was none. */
  readonly answer: unknown;
}

export interface EventDelays {
  /** Before the first and the second retry of a function that failed; Lambda waits 1 and 2 minutes. */
  readonly retryMs: readonly number[];
  /** Before a throttled event is tried again; doubles each time, up to 5 minutes. Lambda begins with 1 s. */
  readonly throttledMs: number;
  /** How long a second of the configured event age lasts. */
  readonly ageSecondMs: number;
}

export const shortDelays: EventDelays = { retryMs: [200, 400], throttledMs: 100, ageSecondMs: 1000 };

export interface EventQueueOptions {
  readonly delays: EventDelays;
  /** Runs an event; null when it is throttled. */
  readonly deliver: (event: QueuedEvent) => Promise<InvocationResult | null>;
  readonly onFailed: (event: FailedEvent) => void;
}

/** Delivers events in the background: again after failures and throttles, until retries or age are exhausted. */
export class EventQueue {
  readonly #options: EventQueueOptions;
  readonly #stopped = new AbortController();
  readonly #pending = new Set<Promise<void>>();

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Events that are neither done nor given up. */
  get size(): number {
    return this.#pending.size;
  }

  /** Takes an event on, to be delivered after a while or at once. */
  accept(event: QueuedEvent, afterMs = 0): void {
    const { signal } = this.#stopped;
    const begun = afterMs > 0 ? sleep(afterMs, undefined, { signal }) : Promise.resolve();
    const work = begun
      .then(() => this.#deliver(event))
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #deliver(event: QueuedEvent): Promise<void> {
    const { deliver, delays } = this.#options;
    const { maximumRetryAttempts, maximumEventAgeSeconds } = eventInvokeOf(event.target);
    const expiresMs = performance.now() + maximumEventAgeSeconds * delays.ageSecondMs;
    let throttledMs = delays.throttledMs;
    let answer: InvocationResult | null = null;
    for (let invokes = 0; ; ) {
      const result = this.#stopped.signal.aborted ? null : await deliver(event);
      if (this.#stopped.signal.aborted) return;
      if (result?.functionError === null) return;
      if (result) {
        answer = result;
        invokes += 1;
        if (invokes > maximumRetryAttempts) return this.#giveUp(event, 'RetriesExhausted', invokes, answer);
      }
      const waitMs = result ? (delays.retryMs[invokes - 1] ?? 0) : throttledMs;
      if (!result) throttledMs = Math.min(2 * throttledMs, 300_000);
      if (performance.now() + waitMs > expiresMs) return this.#giveUp(event, 'EventAgeExceeded', invokes, answer);
      await sleep(waitMs, undefined, { signal: this.#stopped.signal });
    }
  }

  #giveUp(event: QueuedEvent, condition: FailedEvent['condition'], invokes: number, answer: InvocationResult | null) {
    const { target, requestId, payload } = event;
    this.#options.onFailed({
      queue: eventInvokeOf(target).onFailure ?? target.model.deadLetterQueue,
      functionName: target.model.name,
      requestId,
      condition,
      invokes,
      event: JSON.parse(payload.toString()),
      answer: answer === null ? null : JSON.parse(answer.payload.toString()),
    });
  }
}
