import type { Point, SloVerdict } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import type { Interval, ValidityState } from '../../lib/plan/verdict.ts';
import { dataOf, sample } from './sample-stage.ts';

const whole = pointOf(dataOf(sample()));

export interface PointSketch extends Partial<Pick<Point, 'stage' | 'kind' | 'cell'>> {
  readonly level: number;
  readonly tokens?: number | null;
  readonly tokensCi?: Interval;
  readonly p50?: number | null;
  readonly p50Ci?: Interval;
  readonly state?: ValidityState;
  /** Whether the level meets an SLO; without one when left out. */
  readonly slo?: SloVerdict;
}

/** A point of which only what matters to a curve is given. */
export function samplePoint({
  level,
  tokens = 100,
  tokensCi,
  p50 = 500,
  p50Ci,
  state = 'ok',
  slo,
  ...rest
}: PointSketch): Point {
  return {
    ...whole,
    stage: level,
    ...rest,
    level,
    outputTokensPerSecond: { value: tokens, ci: tokensCi ?? [null, null] },
    latencyMs: { ...whole.latencyMs, p50, ci: { ...whole.latencyMs.ci, p50: p50Ci ?? [null, null] } },
    validity: { state, reasons: [] },
    slo: slo ? { verdict: slo, checks: [] } : null,
  };
}

/** Points of levels that double from 1 on, with the given throughputs. */
export function doubling(...tokens: readonly (number | null)[]): Point[] {
  return tokens.map((value, step) => samplePoint({ level: 2 ** step, tokens: value, p50: 500 + step }));
}
