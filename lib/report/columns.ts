import type { Point } from '../curve/point.ts';
import { count, percent } from './format.ts';
import {
  type Metric,
  missing,
  type Percentile,
  type Shown,
  shown,
  shownOr,
  shownPercentile,
  shownRate,
} from './shown.ts';

/** A column of the table of points, the same in HTML, Markdown and the terminal. */
export interface Column {
  readonly id: string;
  /** Heading over neighbouring columns of one metric; null: the column stands alone. */
  readonly group: string | null;
  readonly title: string;
  readonly unit: string | null;
  /** Lower goes first when there is little room. */
  readonly rank: number;
  show(point: Point): Shown;
  /** Whether a point has anything to show there; a column that no point asks for is left out. */
  applies?(point: Point): boolean;
}

const column = (
  id: string,
  [group, title, unit]: readonly [string | null, string, string | null],
  rank: number,
  show: Column['show'],
): Column => ({ id, group, title, unit, rank, show });

/** Percentiles of a metric in one unit, with the rank of each. */
function percentileColumns(
  metric: Metric,
  [group, unit]: readonly [string, 'ms' | 's' | 'tokens/s'],
  ranks: Readonly<Partial<Record<Percentile, number>>>,
): Column[] {
  const divisor = unit === 's' ? 1000 : 1;
  return (Object.entries(ranks) as [Percentile, number][]).map(([percentile, rank]) =>
    column(`${metric}.${percentile}`, [group, percentile, unit], rank, (point) =>
      shownPercentile(point, metric, percentile, divisor),
    ),
  );
}

/** Intervals stand in the table for the two figures of the curve and for TTFT alone, else it grows too wide. */
function plain(shown: Shown): Shown {
  return { ...shown, interval: null };
}

const noCount = 'the endpoint sent no count of tokens';

/** Every column, in reading order. */
const columns: readonly Column[] = [
  column('level', [null, 'Parallel requests', null], 0, (point) => shown(count(point.level))),
  {
    ...column('runs', [null, 'Runs', null], 7.5, ({ stages }) => shown(count(stages.length))),
    applies: ({ stages }) => stages.length > 1,
  },
  column('validity', [null, 'Validity', null], 4, (point) => shown(point.validity.state)),
  {
    ...column('slo', [null, 'SLO', null], 3.5, ({ slo }) => (slo ? shown(slo.verdict) : missing('no SLO'))),
    applies: ({ slo }) => Boolean(slo),
  },
  {
    ...column('goodput', [null, 'Goodput', null], 5.5, ({ goodput }) =>
      !goodput || goodput.share === null
        ? missing('no request could be held against the bounds')
        : shown(percent(goodput.share)),
    ),
    applies: ({ goodput }) => Boolean(goodput),
  },
  column('requests', [null, 'Requests', null], 13, (point) => shown(count(point.requests))),
  column('errors', [null, 'Errors', null], 6, (point) =>
    point.errorShare === null ? missing('no request was due in the window') : shown(percent(point.errorShare)),
  ),
  column('output', ['Throughput', 'output', 'tokens/s'], 1, (point) => shownRate(point, 'outputTokensPerSecond')),
  column('total', ['Throughput', 'total', 'tokens/s'], 12, (point) => plain(shownRate(point, 'totalTokensPerSecond'))),
  column('answers', ['Throughput', 'answers', '/s'], 11, (point) => plain(shownRate(point, 'requestsPerSecond'))),
  ...percentileColumns('latencyMs', ['Latency', 's'], { p50: 2, p95: 7, p99: 10 }),
  ...percentileColumns('ttftMs', ['TTFT', 'ms'], { p50: 3, p95: 8, p99: 14 }),
  ...percentileColumns('tpotMs', ['TPOT', 'ms'], { p50: 9, p95: 15, p99: 17 }).map(withoutInterval),
  ...percentileColumns('tokensPerSecondPerUser', ['Per user', 'tokens/s'], { p50: 5 }).map(withoutInterval),
  ...percentileColumns('interChunkMs', ['Gaps', 'ms'], { p50: 18, p99: 19 }),
  column('input', ['Mean tokens', 'in', null], 20, (point) => shownOr(point.meanInputTokens, noCount)),
  column('outputTokens', ['Mean tokens', 'out', null], 16, (point) => shownOr(point.meanOutputTokens, noCount)),
];

function withoutInterval(one: Column): Column {
  return { ...one, show: (point) => plain(one.show(point)) };
}

/** The columns of a table of these points, in reading order. */
export function columnsOf(points: readonly Point[]): readonly Column[] {
  return columns.filter(({ applies }) => applies === undefined || points.some(applies));
}

/** Of those the columns with these ids, in the order of the ids. */
export function columnsById(ids: readonly string[], points: readonly Point[]): Column[] {
  return ids.flatMap((id) => columnsOf(points).filter((one) => one.id === id));
}
