import type { Stage } from '../plan/stage.ts';
import type { Receipt } from '../record/receipt.ts';

/** The window of a stage, [start, end), in microseconds since the stage's start. */
export interface Window {
  readonly startUs: number;
  readonly endUs: number;
  readonly seconds: number;
}

/** The window as planned; of a counted stage as its worker found it, empty where it found none. */
export function windowOf(
  { warmUpMs, windowMs }: Pick<Stage, 'warmUpMs' | 'windowMs'>,
  receipts: readonly Pick<Receipt, 'window'>[] = [],
): Window {
  const planned = windowMs === null ? null : { startUs: warmUpMs * 1000, endUs: (warmUpMs + windowMs) * 1000 };
  const { startUs, endUs } = planned ?? receipts[0]?.window ?? { startUs: 0, endUs: 0 };
  return { startUs, endUs, seconds: (endUs - startUs) / 1e6 };
}

/** The equal slices of a window, with the same bounds as it. */
export function slicesOf({ startUs, endUs, seconds }: Window, count: number): Window[] {
  const bound = (slice: number) => startUs + ((endUs - startUs) * slice) / count;
  return Array.from({ length: count }, (_, slice) => ({
    startUs: bound(slice),
    endUs: bound(slice + 1),
    seconds: seconds / count,
  }));
}

/** Whether a moment lies in the window; what is not known (NaN) does not. */
export function isWithin({ startUs, endUs }: Window, atUs: number): boolean {
  return atUs >= startUs && atUs < endUs;
}

/** How much of [from, to] lies in the window, in microseconds; 0 for what is not known (NaN). */
export function overlapUs({ startUs, endUs }: Window, fromUs: number, toUs: number): number {
  return Math.max(0, Math.min(toUs, endUs) - Math.max(fromUs, startUs)) || 0;
}
