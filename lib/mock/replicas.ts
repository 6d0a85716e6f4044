import type { Clock } from '../timing/clock.ts';
import type { QueueModel } from './queue-model.ts';

/** One copy of the model, with what it answers now. */
export interface Replica<T> {
  readonly held: Set<T>;
  /** When its last answer left it, or when it became ready. */
  freeSinceUs: number;
}

export interface Replicas<T> {
  /** The ready replica with the fewest answers, if it has a free slot; null: none has. */
  free(): Replica<T> | null;
  held(): number;
  ready(): number;
  /** Someone waits: another replica is begun, unless one is on its way or all are there. */
  wanted(): void;
}

/**
 * The replicas of a model: as many as it has, or with scaling from the least up, one at a time, each ready after its
 * cold start; one that has been idle for long enough is gone when somebody looks next. `onReady` is told of each that
 * comes up.
 */
export function replicasOf<T>(
  { clock, model }: { readonly clock: Clock; readonly model: QueueModel },
  onReady: (replica: Replica<T>) => void,
): Replicas<T> {
  const { slots, replicas: most = 1, scaling = null } = model;
  const least = scaling?.least ?? most;
  const begin = (): Replica<T> => ({ held: new Set<T>(), freeSinceUs: clock.nowUs() });
  let ready = Array.from({ length: least }, begin);
  let starting = false;

  const retireIdle = () => {
    if (scaling === null) return;
    const idle = ({ held, freeSinceUs }: Replica<T>) =>
      held.size === 0 && clock.nowUs() - freeSinceUs >= scaling.idleMs * 1000;
    const kept = ready.filter((replica) => !idle(replica));
    const spared = ready.filter(idle).slice(0, Math.max(0, least - kept.length));
    ready = [...kept, ...spared];
  };
  return {
    free() {
      retireIdle();
      const [first, ...others] = ready;
      if (first === undefined) return null;
      const fewest = others.reduce((best, other) => (other.held.size < best.held.size ? other : best), first);
      return fewest.held.size < slots ? fewest : null;
    },
    held: () => ready.reduce((sum, { held }) => sum + held.size, 0),
    ready() {
      retireIdle();
      return ready.length;
    },
    wanted() {
      if (scaling === null || starting || ready.length >= most) return;
      starting = true;
      clock.callAt(clock.nowUs() + scaling.coldStartMs * 1000, () => {
        starting = false;
        const replica = begin();
        ready.push(replica);
        onReady(replica);
      });
    },
  };
}
