import type { Stage } from '../plan/stage.ts';

/** The window of a stage, [start, end), in microseconds since the stage's start. */
export interface Window {
  readonly startUs: number;
  readonly endUs: number;
  readonly seconds: number;
}

export function windowOf({ warmUpMs, windowMs }: Pick<Stage, 'warmUpMs' | 'windowMs'>): Window {
  return { startUs: warmUpMs * 1000, endUs: (warmUpMs + windowMs) * 1000, seconds: windowMs / 1000 };
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
