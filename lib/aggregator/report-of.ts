import { costOf } from '../curve/cost.ts';
import { curvesOf } from '../curve/curve-of.ts';
import { withPrecision } from '../curve/margin.ts';
import type { Point, Usage } from '../curve/point.ts';
import { sumOfUsage, usageOfPoints } from '../curve/usage.ts';
import type { Ended } from '../plan/ended.ts';
import type { Plan } from '../plan/plan.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import type { Report } from '../report/report.ts';

/** What a report is made of. */
export interface ReportSource {
  readonly plan: Plan;
  readonly points: readonly Point[];
  readonly probe: ProbeFinding | null;
  /** What the probe's requests used. */
  readonly probeUsage: Usage | null;
  readonly machine: Report['machine'];
  readonly ended: Ended | null;
  readonly updatedAtEpochMs: number;
  /** Points that are kept but can't be read. */
  readonly pointsUnreadable: number;
}

export function reportOf({
  plan,
  points,
  probe,
  probeUsage,
  machine,
  ended,
  updatedAtEpochMs,
  pointsUnreadable,
}: ReportSource): Report {
  const { url, model } = plan.spec.target;
  const { untilPrecise } = plan.spec.load;
  const curves = curvesOf(points);
  const usage = pointsUnreadable > 0 ? null : wholeUsage(points, probeUsage);
  return {
    schema: 'paretoken.report.v1',
    sweepId: plan.sweepId,
    name: plan.name,
    target: { url, model },
    startedAtEpochMs: plan.startedAtEpochMs,
    updatedAtEpochMs,
    spec: plan.spec,
    version: plan.version,
    machine,
    probe,
    ...curves,
    points: curves.points.map((point) => withPrecision(point, untilPrecise)),
    usage,
    cost: costOf(usage, plan.spec.prices),
    ended,
    warnings: [...plan.warnings, ...unreadableWarning(pointsUnreadable)],
  };
}

/** Null where what was sent is not known of a stage. */
function wholeUsage(points: readonly Point[], probe: Usage | null): Usage | null {
  const load = usageOfPoints(points);
  return load === null || probe === null ? null : sumOfUsage([probe, load]);
}

function unreadableWarning(points: number): string[] {
  if (points === 0) return [];
  return [
    `${points === 1 ? 'One point' : `${points} points`} could not be read and ${points === 1 ? 'is' : 'are'} left out.`,
  ];
}
