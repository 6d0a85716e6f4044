import {
  conditionMetrics,
  type MetricName,
  type PercentileName,
  percentileNames,
  timeMetrics,
} from './metric-value.ts';

export type Operator = '>' | '>=' | '<' | '<=';

/** What must not be true of a report: `ttft.p95@8>500`. */
export interface Condition {
  /** As it was written. */
  readonly text: string;
  readonly metric: MetricName;
  /** Of times alone; null of everything else. */
  readonly percentile: PercentileName | null;
  /** Null: every level that was measured. */
  readonly level: number | null;
  readonly operator: Operator;
  /** In the metric's unit: milliseconds, tokens or requests per second, a share. */
  readonly limit: number;
}

export type ReadCondition =
  | { readonly condition: Condition; readonly fault?: never }
  | { readonly fault: string; readonly condition?: never };

const metricList = Object.keys(conditionMetrics).join(', ');
const percentileList = percentileNames.join(', ');
const shape = 'write it like "ttft.p95@8>500": a metric, an operator (> >= < <=) and a limit';

/** Reads `METRIC[.PERCENTILE][@LEVEL] OPERATOR LIMIT`; what is wrong with it comes with the remedy. */
export function readCondition(written: string): ReadCondition {
  const text = written.trim();
  const [, left = '', sign = '', right = ''] = /^([^<>=!]*)([<>=!]*)(.*)$/s.exec(text) ?? [];
  const operator = operators.find((known) => known === sign);
  if (operator === undefined)
    return { fault: sign === '' ? shape : `there is no operator ${sign}: use >, >=, < or <=` };
  const subject = readSubject(left.trim());
  if ('fault' in subject) return subject;
  const limit = readLimit(right.trim(), subject.metric);
  if (typeof limit === 'string') return { fault: limit };
  return { condition: { text, ...subject, operator, limit } };
}

const operators: readonly Operator[] = ['>', '>=', '<', '<='];

function readSubject(text: string): Pick<Condition, 'metric' | 'percentile' | 'level'> | { readonly fault: string } {
  const [, name = '', dot = '', percentile = '', at = '', level = ''] =
    /^([^.@]*)(\.?)([^@]*)(@?)(.*)$/s.exec(text) ?? [];
  const metric = metricNames.find((known) => known === name.trim());
  if (metric === undefined) {
    return {
      fault: `${name.trim() === '' ? 'it names no metric' : `there is no metric ${name.trim()}`}: use ${metricList}`,
    };
  }
  const isTime = timeMetrics.some((time) => time === metric);
  if (!isTime && dot !== '') return { fault: `${metric} has no percentiles: write ${metric} alone` };
  const known = percentileNames.find((one) => one === percentile.trim()) ?? null;
  if (isTime && known === null) {
    const why =
      dot === '' ? `${metric} needs a percentile, such as ${metric}.p95` : `there is no ${text.split('@')[0]}`;
    return { fault: `${why}: use ${percentileList}` };
  }
  if (at === '') return { metric, percentile: known, level: null };
  if (!/^[1-9]\d{0,8}$/.test(level.trim())) {
    return { fault: `after @ comes a level, a whole number such as 8, not "${level.trim()}"` };
  }
  return { metric, percentile: known, level: Number(level) };
}

const metricNames = Object.keys(conditionMetrics) as MetricName[];

/** Numbers alone: a unit would have to be that of the metric anyhow, and is named where it was tried. */
function readLimit(text: string, metric: MetricName): number | string {
  const { unit } = conditionMetrics[metric];
  if (!/^\d+(\.\d+)?$|^\.\d+$/.test(text)) {
    const what =
      unit === 'share' ? 'a share from 0 to 1, such as 0.05 for 5 %' : `a number of ${unit}, without the unit`;
    return `the limit of ${metric} is ${what}, not "${text}"`;
  }
  const limit = Number(text);
  return unit === 'share' && limit > 1 ? `the limit of ${metric} is a share from 0 to 1: 5 % is 0.05` : limit;
}
