import type { PreciseMetric, UntilPrecise } from '../spec/load.ts';
import type { Distribution, Note, Point } from './point.ts';

const distributions = { latency: 'latencyMs', ttft: 'ttftMs', tpot: 'tpotMs' } as const;

const noteNames = { latency: 'latency_imprecise', ttft: 'ttft_imprecise', tpot: 'tpot_imprecise' } as const;

/** The relative margin of p95: half the width of its 95 % interval ÷ p95. Null unless p95 and both ends are known. */
export function p95MarginOf({ p95, ci }: Pick<Distribution, 'p95' | 'ci'>): number | null {
  const [low, high] = ci.p95;
  if (p95 === null || p95 <= 0 || low === null || high === null) return null;
  return (high - low) / 2 / p95;
}

/** The margins of all metrics that can be asked to be precise. */
export function p95MarginsOf(
  point: Pick<Point, 'latencyMs' | 'ttftMs' | 'tpotMs'>,
): Record<PreciseMetric, number | null> {
  return {
    latency: p95MarginOf(point.latencyMs),
    ttft: p95MarginOf(point.ttftMs),
    tpot: p95MarginOf(point.tpotMs),
  };
}

/** A point of the curve, with a note if it is not as precise as asked; a void one never is. */
export function withPrecision(point: Point, wanted: UntilPrecise | null): Point {
  if (wanted === null) return point;
  const margin = p95MarginOf(point[distributions[wanted.of]]);
  if (point.validity.state !== 'void' && margin !== null && margin <= wanted.within) return point;
  return { ...point, notes: [...point.notes, { name: noteNames[wanted.of], count: margin } satisfies Note] };
}
