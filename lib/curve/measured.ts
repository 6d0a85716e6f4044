import { joinStageColumns, reorderStageColumns, type StageColumns } from '../record/stage-columns.ts';
import { type Measured, metricsOf, type RequestMetrics } from '../timing/metrics.ts';

/** The metrics of which a point shows a distribution. */
export const metricNames = [
  'ttftMs',
  'ttfoMs',
  'tpotMs',
  'latencyMs',
  'latencyFromDueMs',
  'tokensPerSecondPerUser',
] as const satisfies readonly (keyof RequestMetrics)[];

export type MetricName = (typeof metricNames)[number];

/** The columns of a stage in due order, with the metrics of each request; NaN where a metric is null. */
export type MeasuredColumns = StageColumns & Readonly<Record<MetricName | 'sendLagMs', Float64Array>>;

const derivedNames = ['sendLagMs', ...metricNames] as const;

/** Derives the metrics of all requests and puts them in due order: what follows no longer depends on who wrote first. */
export function measure(columns: StageColumns): MeasuredColumns {
  const ordered = reorderStageColumns(columns, dueOrder(columns));
  const metrics = derivedColumns(() => new Float64Array(ordered.rows));
  for (let row = 0; row < ordered.rows; row++) {
    const derived = metricsOf(measuredAt(ordered, row));
    for (const name of derivedNames) metrics[name][row] = derived[name] ?? Number.NaN;
  }
  return { ...ordered, ...metrics };
}

/** The requests of several runs, one run after another, each in due order. */
export function joinMeasured(runs: readonly MeasuredColumns[]): MeasuredColumns {
  return {
    ...joinStageColumns(runs),
    ...derivedColumns((name) => {
      const joined = new Float64Array(runs.reduce((rows, run) => rows + run.rows, 0));
      runs.reduce((at, run) => {
        joined.set(run[name], at);
        return at + run.rows;
      }, 0);
      return joined;
    }),
  };
}

function derivedColumns(column: (name: (typeof derivedNames)[number]) => Float64Array) {
  return Object.fromEntries(derivedNames.map((name) => [name, column(name)])) as Record<
    (typeof derivedNames)[number],
    Float64Array
  >;
}

function dueOrder({ rows, dueUs, sentUs, settledUs }: StageColumns): Uint32Array {
  const difference = (column: Float64Array, a: number, b: number) => (column[a] ?? 0) - (column[b] ?? 0) || 0;
  return Uint32Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => difference(dueUs, a, b) || difference(sentUs, a, b) || difference(settledUs, a, b),
  );
}

function measuredAt(columns: StageColumns, row: number): Measured {
  return {
    dueUs: columns.dueUs[row] ?? Number.NaN,
    sentUs: numberAt(columns.sentUs, row),
    headersUs: numberAt(columns.headersUs, row),
    firstEventUs: null,
    firstTokenUs: numberAt(columns.firstTokenUs, row),
    firstVisibleTokenUs: numberAt(columns.firstVisibleTokenUs, row),
    lastTokenUs: numberAt(columns.lastTokenUs, row),
    endUs: numberAt(columns.endUs, row),
    settledUs: numberAt(columns.settledUs, row),
    streamed: columns.streamed[row] === 1,
    buffered: columns.buffered[row] === 1,
    streamedTokens: numberAt(columns.streamedTokens, row),
    tokenReads: columns.tokenReads[row] ?? 0,
  };
}

function numberAt(column: Float64Array, row: number): number | null {
  const value = column[row];
  return value === undefined || Number.isNaN(value) ? null : value;
}
