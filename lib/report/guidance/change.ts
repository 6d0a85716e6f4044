import { roughPercent } from '../format.ts';

/** `rose by 9 %`, `rose 6-fold`, `fell by 3 %`, `stayed the same`. */
export function change(from: number, to: number): string {
  const by = to / from - 1;
  if (Math.abs(by) < 0.005) return 'stayed the same';
  if (by >= 0.995) return `rose ${roughly(to / from).toLocaleString('en-US')}-fold`;
  return `${by > 0 ? 'rose' : 'fell'} by ${roughPercent(Math.abs(by))}`;
}

/** To two significant digits, for what is only about so much. */
export function roughly(value: number): number {
  return Number(value.toPrecision(2));
}
