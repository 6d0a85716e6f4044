import type { Spec } from '../spec/schema.ts';
import { sameCell } from './cell.ts';
import { type Pass, passes } from './pass.ts';
import { seededRandom } from './seeded-random.ts';
import type { Cell } from './stage.ts';

/** A load to hold: a level of a cell, and of a notebook the pass. */
export interface Load {
  readonly level: number;
  readonly cell: Cell;
  readonly pass: Pass | null;
}

export function sameLoad(a: Load, b: Load): boolean {
  return a.level === b.level && a.pass === b.pass && sameCell(a.cell, b.cell);
}

/**
 * The loads of a cell in the order in which they are run, each as often as asked: levels rising, or shuffled by the seed;
 * of a notebook each level in all of its passes before the next.
 */
export function runOrder({ load, seed }: Pick<Spec, 'load' | 'seed'>, cell: Cell): Load[] {
  const rising = load.levels.flatMap((level) => new Array<number>(load.repeats).fill(level));
  const levels = load.order === 'rising' ? rising : shuffled(rising, seed);
  return levels.flatMap((level) => passesOf(load).map((pass) => ({ level, cell, pass })));
}

/** The passes of each level; of an ordinary sweep the one without a name. */
export function passesOf({ notebook }: Spec['load']): readonly (Pass | null)[] {
  return notebook === null ? [null] : passes;
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
