/**
 * A continuous-batching server as a queue: `slots` answers at once, the others wait first come, first served. An
 * answer holds its slot while its input is read (prefill) and while it is written token by token (decode steps).
 */
export interface QueueModel {
  /** B: most answers at once. */
  readonly slots: number;
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

/** P = a + b × input tokens, in milliseconds. */
export function prefillMs(model: QueueModel, inputTokens: number): number {
  return model.prefillBaseMs + model.prefillPerTokenMs * inputTokens;
}

/** c + d × k, in milliseconds, with k slots held. */
export function stepMs(model: QueueModel, held: number): number {
  return model.stepBaseMs + model.stepPerSlotMs * held;
}

/** Throws a RangeError that names the first parameter out of its range. */
export function checkQueueModel(model: QueueModel): void {
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (!whole(model.slots, 1)) throw new RangeError(`slots must be a whole number from 1, not ${model.slots}`);
  if (model.queueLimit !== null && !whole(model.queueLimit, 0)) {
    throw new RangeError(`queueLimit must be null or a whole number from 0, not ${model.queueLimit}`);
  }
  for (const name of ['prefillBaseMs', 'prefillPerTokenMs', 'stepBaseMs', 'stepPerSlotMs', 'jitter'] as const) {
    const value = model[name];
    if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be 0 or more, not ${value}`);
  }
}
