import type { Clock } from '../timing/clock.ts';
import { type Jitter, jitter } from './jitter.ts';
import { checkQueueModel, prefillMs, type QueueModel, stepMs } from './queue-model.ts';
import { type Replica, replicasOf } from './replicas.ts';

export interface EngineRequest {
  /** Names the stream of jitter that this answer gets. */
  readonly id: string;
  readonly inputTokens: number;
  /** Tokens of the answer, at least 1. */
  readonly outputTokens: number;
}

/** What happens to one answer, each at its planned time in monotonic microseconds. */
export interface EngineListener {
  /** It got a slot or a place in the queue; comes before all else. */
  accepted?(atUs: number): void;
  /** It got its slot: prefill begins. */
  admitted?(atUs: number): void;
  /** Token `index`, from 0; the first is the end of prefill. */
  token(index: number, atUs: number): void;
  /** Its slot is free again; follows the last token at the same time. */
  finished(atUs: number): void;
}

export interface Engine {
  /** Begins or queues an answer; what is given back cancels it, freeing its place at once. Null: the queue is full. */
  answer(request: EngineRequest, listener: EngineListener): (() => void) | null;
  /** Asks for a replica where none is ready, which begins one; whether one is. */
  wake(): boolean;
  /** Slots held now. */
  held(): number;
  /** Answers waiting now. */
  queued(): number;
}

export interface EngineOptions {
  readonly clock: Clock;
  readonly model: QueueModel;
  readonly seed: number;
}

interface Running {
  /** Null while it waits, and when it is over. */
  replica: Replica<Running> | null;
  readonly request: EngineRequest;
  readonly listener: EngineListener;
  readonly jitter: Jitter;
  /** Planned time of the next token, not rounded, so that no fraction is lost; while it waits, its arrival. */
  dueUs: number;
  sent: number;
  disarm: () => void;
}

/**
 * The queue model at work. Every planned time follows from planned times, never from when a timer fired: a late timer
 * delays its own token and nothing after it. k of a step is the number of slots held when that step begins.
 */
export function mockEngine(options: EngineOptions): Engine {
  const { clock, model, seed } = options;
  checkQueueModel(model);
  const waiting = new Set<Running>();
  const replicas = replicasOf<Running>({ clock, model }, (replica) => fill(replica, clock.nowUs()));

  const admit = (running: Running, replica: Replica<Running>, atUs: number) => {
    replica.held.add(running);
    running.replica = replica;
    running.dueUs = atUs + prefillMs(model, running.request.inputTokens) * 1000 * running.jitter();
    running.listener.admitted?.(Math.round(atUs));
    // The listener may have cancelled it.
    if (running.replica !== null) arm(running);
  };
  const arm = (running: Running) => {
    running.disarm = clock.callAt(Math.round(running.dueUs), () => proceed(running));
  };
  /** Sends every token that is due: several when the timer was late, none when it was early. */
  const proceed = (running: Running) => {
    while (running.replica !== null && Math.round(running.dueUs) <= clock.nowUs()) {
      const atUs = running.dueUs;
      const last = running.sent + 1 === running.request.outputTokens;
      if (!last) running.dueUs += stepMs(model, running.replica.held.size) * 1000 * running.jitter();
      running.listener.token(running.sent++, Math.round(atUs));
      if (last && running.replica !== null) {
        release(running, running.replica, atUs);
        running.listener.finished(Math.round(atUs));
      }
    }
    if (running.replica !== null) arm(running);
  };
  const release = (running: Running, replica: Replica<Running>, atUs: number) => {
    replica.held.delete(running);
    running.replica = null;
    replica.freeSinceUs = atUs;
    fill(replica, atUs);
  };
  /** Gives the free slots of a replica to those who wait, first come, first served. */
  const fill = (replica: Replica<Running>, atUs: number) => {
    for (const next of waiting) {
      if (replica.held.size >= model.slots) return;
      waiting.delete(next);
      // A slot can be free, by plan, before the request came that gets it, if the timer was late.
      admit(next, replica, Math.max(atUs, next.dueUs));
    }
  };
  const cancel = (running: Running) => {
    running.disarm();
    if (!waiting.delete(running) && running.replica !== null) release(running, running.replica, clock.nowUs());
  };

  return {
    answer(request, listener) {
      if (!(request.outputTokens >= 1)) throw new RangeError('an answer has at least one token');
      const replica = replicas.free();
      if (replica === null && waiting.size >= (model.queueLimit ?? Number.POSITIVE_INFINITY)) return null;
      const arrivedUs = clock.nowUs();
      const factors = jitter(model.jitter, seed, request.id);
      const begun = { request, listener, jitter: factors, dueUs: arrivedUs, sent: 0, disarm: () => {} };
      const running: Running = { ...begun, replica: null };
      listener.accepted?.(arrivedUs);
      if (replica !== null) admit(running, replica, arrivedUs);
      else {
        waiting.add(running);
        replicas.wanted();
      }
      return () => cancel(running);
    },
    wake() {
      if (replicas.ready() > 0) return true;
      replicas.wanted();
      return false;
    },
    held: replicas.held,
    queued: () => waiting.size,
  };
}
