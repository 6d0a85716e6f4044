/**
 * A continuous-batching server as a queue: `slots` answers at once, the others wait first come, first served. An
 * answer holds its slot while its input is read (prefill) and while it is written token by token (decode steps).
 */
export interface QueueModel {
  /** B: most answers at once, of each replica. */
  readonly slots: number;
  /** R: copies of the model, which share the queue; an answer goes to the one with the fewest. @default 1 */
  readonly replicas?: number;
  /** Null: all replicas are there from the beginning. @default null */
  readonly scaling?: Scaling | null;
  /** Most answers waiting; one more is refused. Null: no limit. */
  readonly queueLimit: number | null;
  /** a, in milliseconds. */
  readonly prefillBaseMs: number;
  /** b, in milliseconds. */
  readonly prefillPerTokenMs: number;
  /** c, in milliseconds. */
  readonly stepBaseMs: number;
  /** d, in milliseconds. */
  readonly stepPerSlotMs: number;
  /** Each duration is multiplied by a random factor of mean 1 with this standard deviation; 0: none. */
  readonly jitter: number;
}

/** Replicas that come and go with the load. */
export interface Scaling {
  /** Replicas that are always there; 0: it scales to zero, and answers 503 until the first is up again. */
  readonly least: number;
  /** From the request that finds no free slot until another replica is ready. */
  readonly coldStartMs: number;
  /** A replica without an answer for so long is gone. */
  readonly idleMs: number;
}

/** A small model on one accelerator: levels up to 16 gain, with less each time; more only wait. */
export const smallServer: QueueModel = {
  slots: 16,
  queueLimit: null,
  prefillBaseMs: 15,
  prefillPerTokenMs: 0.05,
  stepBaseMs: 6,
  stepPerSlotMs: 0.5,
  jitter: 0.1,
};

/**
 * A provisioned endpoint of two replicas with four slots each: with 2,048 tokens in and 256 out it takes in and writes
 * 8,067 tokens a second at most, from 8 parallel requests on; docs/databricks.md shows it.
 */
export const provisionedServer: QueueModel = {
  slots: 4,
  replicas: 2,
  queueLimit: null,
  prefillBaseMs: 40,
  prefillPerTokenMs: 0.125,
  stepBaseMs: 4.4,
  stepPerSlotMs: 0.85,
  jitter: 0.05,
};

/** P = a + b × input tokens, in milliseconds. */
export function prefillMs(model: QueueModel, inputTokens: number): number {
  return model.prefillBaseMs + model.prefillPerTokenMs * inputTokens;
}

/** c + d × k, in milliseconds, with k slots of a replica held. */
export function stepMs(model: QueueModel, held: number): number {
  return model.stepBaseMs + model.stepPerSlotMs * held;
}

/** Throws a RangeError that names the first parameter out of its range. */
export function checkQueueModel(model: QueueModel): void {
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (!whole(model.slots, 1)) throw new RangeError(`slots must be a whole number from 1, not ${model.slots}`);
  const { replicas = 1, scaling = null } = model;
  if (!whole(replicas, 1)) throw new RangeError(`replicas must be a whole number from 1, not ${replicas}`);
  if (scaling !== null) checkScaling(scaling, replicas);
  if (model.queueLimit !== null && !whole(model.queueLimit, 0)) {
    throw new RangeError(`queueLimit must be null or a whole number from 0, not ${model.queueLimit}`);
  }
  for (const name of ['prefillBaseMs', 'prefillPerTokenMs', 'stepBaseMs', 'stepPerSlotMs', 'jitter'] as const) {
    const value = model[name];
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be 0 or more, not ${value}`);
  }
}

function checkScaling({ least, coldStartMs, idleMs }: Scaling, replicas: number): void {
  if (!Number.isSafeInteger(least) || least < 0 || least > replicas) {
    throw new RangeError(`the least replicas must be a whole number from 0 to ${replicas}, not ${least}`);
  }
  for (const [name, value] of Object.entries({ coldStartMs, idleMs })) {
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be 0 or more, not ${value}`);
  }
}
