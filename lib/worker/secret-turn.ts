import type { Assignment } from '../plan/assignment.ts';
import { seededRandom } from '../plan/seeded-random.ts';

/** When a worker asks for its key, so that all of a stage don't ask at once. */
export interface SecretTurn {
  /** From now on, in milliseconds. */
  readonly waitMs: number;
  /** The key is tried for so long after that, in milliseconds. */
  readonly withinMs: number;
  /** In [0, 1): spreads out those who were refused together. */
  chance(): number;
}

/** What Parameter Store answers a second unless an account pays for more (quota "GetParameter throughput"). */
const readsPerSecond = 40;
/** However late a worker is, it tries for this long. */
const leastMs = 10_000;

/**
 * The turn of a worker: in the order of the workers, 40 a second, over at most half of the time that is left until
 * connections are opened; no wait where all of a stage may ask within one second.
 */
export function secretTurn({ seed, stage, worker, tempo }: Assignment, nowEpochMs: number): SecretTurn {
  const leftMs = Math.max(0, stage.startsAtEpochMs - tempo.connectAheadMs - nowEpochMs);
  const spreadMs = stage.workers <= readsPerSecond ? 0 : (stage.workers / readsPerSecond) * 1000;
  const waitMs = Math.round((worker / stage.workers) * Math.min(spreadMs, leftMs / 2));
  const chance = seededRandom(seed, 'secret', stage.stage, worker);
  return { waitMs, withinMs: Math.max(leastMs, leftMs - waitMs), chance };
}
