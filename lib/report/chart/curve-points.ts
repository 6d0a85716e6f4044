import type { Point } from '../../curve/point.ts';
import type { Interval, ValidityState } from '../../plan/verdict.ts';
import { type Answer, answerName } from '../answer.ts';
import { count, figure, parallelRequests, time } from '../format.ts';

/** A level as a place on a plane of two of its figures. */
export interface CurvePoint {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  readonly xInterval: Interval;
  readonly yInterval: Interval;
  readonly state: ValidityState;
  /** `balanced`; null for a level that answers nothing. */
  readonly answer: string | null;
  readonly knee: boolean;
  /** The figures in words. */
  readonly title: string;
}

/** Which two figures span the plane. */
export type CurveAxes = 'latency' | 'per-user';

/** The rate on the upright axis: requests where the endpoint counts no tokens. */
export type CurveRate = 'outputTokensPerSecond' | 'requestsPerSecond';

/** Output tokens if any point has them, else answers; null when there is neither. */
export function rateOf(points: readonly Point[]): CurveRate | null {
  const has = (rate: CurveRate) => points.some((point) => point[rate].value !== null);
  if (has('outputTokensPerSecond')) return 'outputTokensPerSecond';
  return has('requestsPerSecond') ? 'requestsPerSecond' : null;
}

/** The points that have both figures, rising by level. */
export function curvePoints(
  points: readonly Point[],
  answers: readonly Answer[],
  axes: CurveAxes,
  rate: CurveRate,
): readonly CurvePoint[] {
  return points.flatMap((point) => {
    const across = axes === 'latency' ? point.latencyMs : point.tokensPerSecondPerUser;
    const up = point[rate];
    if (across.p50 === null || up.value === null) return [];
    const answer = answers.find(({ level }) => level === point.level);
    return [
      {
        level: point.level,
        x: across.p50,
        y: up.value,
        xInterval: across.ci.p50,
        yInterval: up.ci,
        state: point.validity.state,
        answer: answer ? answerName(answer) : null,
        knee: answer?.kinds.includes('balanced') ?? false,
        title: titleOf(point, rate),
      },
    ];
  });
}

function titleOf(point: Point, rate: CurveRate): string {
  const { value } = point[rate];
  const unit = rate === 'outputTokensPerSecond' ? 'output tokens/s' : 'answers/s';
  const parts = [
    value === null ? null : `${figure(value)} ${unit}`,
    point.tokensPerSecondPerUser.p50 === null ? null : `${figure(point.tokensPerSecondPerUser.p50)} tokens/s per user`,
    point.latencyMs.p50 === null ? null : `latency ${time(point.latencyMs.p50)}`,
    point.stages.length === 1 ? null : `${count(point.stages.length)} runs together`,
    point.validity.state === 'ok' ? null : point.validity.state,
  ];
  return `${parallelRequests(point.level)}: ${parts.filter((part) => part !== null).join(', ')}`;
}
