import type { Spec } from '../spec/schema.ts';
import { seededRandom } from './seeded-random.ts';

/** The levels in the order in which they are run, each as often as asked: rising, or shuffled by the seed. */
export function levelOrder({ load, seed }: Pick<Spec, 'load' | 'seed'>): number[] {
  const order = load.levels.flatMap((level) => new Array<number>(load.repeats).fill(level));
  return load.order === 'rising' ? order : shuffled(order, seed);
}

/** Fisher and Yates's shuffle. */
function shuffled(levels: readonly number[], seed: number): number[] {
  const random = seededRandom(seed, 'order');
  const mixed = [...levels];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other] ?? 0, mixed[last] ?? 0];
  }
  return mixed;
}

/** The highest level that a sweep may run. */
export function highestLevel({ load }: Pick<Spec, 'load'>): number {
  return load.search?.to ?? Math.max(...load.levels);
}
