import type { Point } from '../curve/point.ts';
import { cellsOf } from './cells.ts';
import type { Condition, Operator } from './condition.ts';
import { count } from './format.ts';
import { conditionMetrics, type MetricName, metricValue } from './metric-value.ts';
import type { Report } from './report.ts';

/** A condition that makes a command fail: it holds, or nobody can say that it doesn't. */
export interface FailedCondition {
  readonly condition: string;
  /** Null where no level is concerned, since none was measured. */
  readonly level: number | null;
  readonly outcome: 'holds' | 'unjudged';
  /** In the unit of the limit; null where it is not known, or not reached. */
  readonly measured: number | null;
  readonly limit: number;
  /** What was measured and what the limit is, or why it can't be judged: `ttft.p95@8>500 holds: …`. */
  readonly text: string;
}

/** Every condition that holds or can't be judged, level by level; none: the report passes. */
export function judgeConditions(report: Report, conditions: readonly Condition[]): readonly FailedCondition[] {
  return conditions.flatMap((condition) => judgedCondition(report, condition));
}

/** What is said of conditions when there is no report to hold them against. */
export function unjudged(conditions: readonly Condition[], why: string): readonly FailedCondition[] {
  return conditions.map((condition) => cannot(condition, null, why));
}

function judgedCondition(report: Report, condition: Condition): FailedCondition[] {
  const { level } = condition;
  const views = cellsOf(report);
  const found = views.flatMap(({ points, heading }) =>
    points
      .filter((point) => level === null || point.level === level)
      .flatMap((point) => judgedPoint(point, condition, heading) ?? []),
  );
  if (found.length > 0) return found;
  const absent = level === null ? views.every(({ points }) => points.length === 0) : !isEverywhere(report, level);
  if (absent) return [cannot(condition, level, whyAbsent(report, level))];
  if (report.ended === null) return [cannot(condition, level, 'the sweep still runs')];
  return [];
}

const isEverywhere = (report: Report, level: number) =>
  cellsOf(report).every(({ points }) => points.some((point) => point.level === level));

function whyAbsent({ ended }: Report, level: number | null): string {
  const what = level === null ? 'no level was measured' : `level ${count(level)} was not measured`;
  return ended === null ? `${what} yet` : `${what} (the sweep ended: ${ended.reason})`;
}

function judgedPoint(point: Point, condition: Condition, heading: string | null): FailedCondition | null {
  const { metric, percentile, operator, limit } = condition;
  const place = `at level ${count(point.level)}${heading === null ? '' : ` of ${heading}`}`;
  const { state, reasons } = point.validity;
  if (state === 'void') {
    const names = reasons.filter((reason) => reason.state === 'void').map(({ name }) => name);
    return cannot(condition, point.level, `${place} nothing can be believed (void: ${names.join(', ')})`);
  }
  const found = metricValue(point, metric, percentile);
  if (found.value === null) return cannot(condition, point.level, `${place} ${found.why}`);
  const { value, isLowerBound } = found;
  const subject = `${nameOf(condition)} ${place}`;
  const limitText = `limit ${valueText(metric, limit)}`;
  if (isLowerBound && !isCertain(value, operator, limit)) {
    const why = `${subject} is at least ${valueText(metric, value)}, ${limitText}: of some answers the tokens are unknown`;
    return cannot(condition, point.level, why);
  }
  if (!compare[operator](value, limit)) return null;
  const reached = Number.isFinite(value);
  const measured = reached ? `is ${valueText(metric, value)}` : 'is among the requests that failed';
  const doubt = state === 'suspect' ? `; the level is suspect (${reasons.map(({ name }) => name).join(', ')})` : '';
  const text = `${condition.text} holds: ${subject} ${measured}, ${limitText}${doubt}`;
  return {
    condition: condition.text,
    level: point.level,
    outcome: 'holds',
    measured: reached ? value : null,
    limit,
    text,
  };
}

/** Whether that much or more is enough to know that a comparison holds, or that it doesn't. */
function isCertain(least: number, operator: Operator, limit: number): boolean {
  const above = operator === '>' || operator === '>=';
  return compare[operator](least, limit) === above;
}

const compare: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
};

function cannot({ text, limit }: Condition, level: number | null, why: string): FailedCondition {
  return {
    condition: text,
    level,
    outcome: 'unjudged',
    measured: null,
    limit,
    text: `${text} can't be judged: ${why}`,
  };
}

function nameOf({ metric, percentile }: Condition): string {
  const { title } = conditionMetrics[metric];
  return percentile === null ? title : `${title} ${percentile}`;
}

const precise = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });

/** With more digits than in a table: what is a hair above its limit should not read like it. */
function valueText(metric: MetricName, value: number): string {
  const { unit } = conditionMetrics[metric];
  return unit === 'share' ? `${precise.format(value * 100)} %` : `${precise.format(value)} ${unit}`;
}
