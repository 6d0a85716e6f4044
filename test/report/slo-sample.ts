import type { Goodput, Point } from '../../lib/curve/point.ts';
import { sloOf } from '../../lib/curve/slo.ts';
import type { Report } from '../../lib/report/report.ts';
import type { Slo } from '../../lib/spec/slo.ts';
import { sloFrom } from '../curve/bounds.ts';
import { curveOf } from './sample-report.ts';

/** The same report of a sweep with an SLO, its points held against it. */
export function withSlo(report: Report, written: unknown): Report {
  const slo = sloFrom(written);
  const points = report.points.map((point) => judgedBy(point, slo));
  const cells = report.curves.map(({ cell }) => cell);
  return {
    ...report,
    spec: { ...report.spec, slo },
    points,
    driftPoint: report.driftPoint && judgedBy(report.driftPoint, slo),
    curves: cells.map((cell) =>
      curveOf(
        points.filter((point) => point.cell.inputTokens === cell.inputTokens),
        cell,
      ),
    ),
  };
}

function judgedBy(point: Point, slo: Slo): Point {
  const goodput = slo.perRequest ? goodputOf(point, slo.perRequest) : null;
  return { ...point, goodput, slo: sloOf(slo, { ...point, state: point.validity.state, goodput }) };
}

/** Of a logistic distribution about each median; of answers that fail one bound none fails another. */
function goodputOf(point: Point, bounds: NonNullable<Slo['perRequest']>): Goodput {
  const kept = (bound: number | null, p50: number | null, spread: number) =>
    bound === null || p50 === null ? 1 : 1 / (1 + Math.exp((1 - bound / p50) / (0.55 * spread)));
  const likely =
    kept(bounds.ttft, point.ttftMs.p50, 0.3) *
    kept(bounds.tpot, point.tpotMs.p50, 0.1) *
    kept(bounds.latency, point.latencyMs.p50, 0.08) *
    (1 - (point.errorShare ?? 0));
  const share = Math.round(likely * point.requests) / point.requests;
  const { value } = point.requestsPerSecond;
  return { share, requestsPerSecond: value === null ? null : value * share, skipped: point.level === 8 ? 3 : 0 };
}
