import { count } from '../format.ts';
import { textWidth } from './place-labels.ts';

/** Levels whose names fit side by side under an axis: the ends, then from the left whatever has room. */
export function levelTicks(
  levels: readonly number[],
  at: (level: number) => number,
  fontSize: number,
): readonly number[] {
  const first = levels[0];
  const last = levels.at(-1);
  if (first === undefined || last === undefined) return [];
  const half = (level: number) => textWidth(count(level), fontSize) / 2 + fontSize * 0.4;
  const apart = (a: number, b: number) => at(b) - at(a) >= half(a) + half(b);
  const ticks = [first];
  for (const level of levels.slice(1, -1)) {
    if (apart(ticks.at(-1) ?? first, level) && apart(level, last)) ticks.push(level);
  }
  return last === first ? ticks : [...ticks, last];
}
