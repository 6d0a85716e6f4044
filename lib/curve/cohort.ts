import { type ColumnTable, desc, op, table } from 'arquero';
import { isFailure, type Outcome } from '../timing/outcome.ts';
import { type MeasuredColumns, type MetricName, metricNames } from './measured.ts';
import type { Point } from './point.ts';
import { type Percent, percentileName, percents } from './quantile.ts';

/** One metric over the cohort's ok answers; percentiles by R-7, whatever the size of the sample. */
export interface MetricSummary {
  readonly percentiles: Readonly<Record<Percent, number | null>>;
  readonly mean: number | null;
  readonly samples: number;
  /** A value for each ok answer in due order; NaN where the metric is null. */
  readonly values: Float64Array;
}

/** The requests due in the window, counted. */
export interface Cohort {
  readonly requests: number;
  readonly ok: number;
  /** Neither ok nor cancelled. */
  readonly failures: number;
  readonly errors: Point['errors'];
  readonly messages: Point['messages'];
  readonly metrics: Readonly<Record<MetricName, MetricSummary>>;
  /** When the ok answers were due, in microseconds. */
  readonly okDueUs: Float64Array;
  readonly meanInputTokens: number | null;
  readonly meanOutputTokens: number | null;
  /** Tokens of the ok answers ÷ the reads in which they came. */
  readonly tokensPerRead: number | null;
  readonly counts: CohortCounts;
}

/** How many of the cohort less `cancelled`. */
export interface CohortCounts {
  readonly cutAtDrain: number;
  /** The request opened its own socket in the window. */
  readonly cold: number;
  readonly ownSocket: number;
  /** Answers of which nobody knows how many tokens they had. */
  readonly tokensUnknown: number;
  /** Of those the ones that ended ok: nothing but a count was missing. */
  readonly tokensUnknownOk: number;
  /** Ok answers whose input tokens miss what was asked by more than max(1, 2 %). */
  readonly lengthsMissed: number;
}

const messagesShown = 5;

export function cohortOf(columns: MeasuredColumns): Cohort {
  const stage = tableOf(columns);
  const cohort = stage.filter("d => d.phase === 'cohort'");
  const ok = cohort.filter("d => d.outcome === 'ok'");
  const outcomes = cohort.groupby('outcome').count().objects() as { outcome: Outcome; count: number }[];
  const failed = outcomes.filter(({ outcome }) => isFailure(outcome));
  const messages = messagesOf(cohort);
  const means = ok
    .rollup({
      input: op.mean('inputTokens'),
      output: op.mean('outputTokens'),
      perRead: 'd => op.sum(d.tokensRead) / op.sum(d.readsWithTokens)',
    })
    .object() as Record<string, number | undefined>;
  return {
    requests: cohort.numRows(),
    ok: ok.numRows(),
    failures: failed.reduce((sum, { count }) => sum + count, 0),
    errors: Object.fromEntries(
      outcomes.filter(({ outcome }) => outcome !== 'ok').map(({ outcome, count }) => [outcome, count]),
    ),
    messages: messages.length > 0 ? messages : messagesOf(stage),
    metrics: metricsOf(ok),
    okDueUs: Float64Array.from(ok.array('dueUs')),
    meanInputTokens: means['input'] ?? null,
    meanOutputTokens: means['output'] ?? null,
    tokensPerRead: Number.isFinite(means['perRead']) ? (means['perRead'] ?? null) : null,
    counts: countsOf(cohort.filter("d => d.outcome !== 'cancelled'")),
  };
}

function tableOf(columns: MeasuredColumns): ColumnTable {
  const { phase, outcome, outcomeDetail, message, dueUs, firstTokenUs, askedInputTokens, tokenReads } = columns;
  const { inputTokens, outputTokens, streamedTokens, coldConnection, socketReused } = columns;
  const metrics = Object.fromEntries(metricNames.map((name) => [name, columns[name]]));
  const counted = streamedTokens.map((tokens, row) => (tokens >= 0 && (tokenReads[row] ?? 0) > 0 ? 1 : 0));
  return table({
    ...{ phase, outcome, outcomeDetail, message, dueUs, firstTokenUs, askedInputTokens, inputTokens, outputTokens },
    ...{ streamedTokens, coldConnection, socketReused, ...metrics },
    tokensRead: streamedTokens.map((tokens, row) => (counted[row] === 1 ? tokens : 0)),
    readsWithTokens: tokenReads.map((reads, row) => (counted[row] === 1 ? reads : 0)),
  });
}

/** The most frequent words of the endpoint or the system about requests that did not end ok. */
function messagesOf(requests: ColumnTable): Point['messages'] {
  return requests
    .filter("d => d.outcome !== 'ok' && d.message !== null")
    .groupby('outcome', 'message')
    .count()
    .orderby(desc('count'), 'outcome', 'message')
    .slice(0, messagesShown)
    .objects() as { outcome: Outcome; message: string; count: number }[];
}

function metricsOf(ok: ColumnTable): Cohort['metrics'] {
  const rolled = ok
    .rollup(
      Object.fromEntries(
        metricNames.flatMap((name) => [
          [`${name} mean`, op.mean(name)],
          [`${name} samples`, op.valid(name)],
          ...percents.map((percent) => [`${name} ${percentileName[percent]}`, op.quantile(name, percent / 100)]),
        ]),
      ),
    )
    .object() as Record<string, number | undefined>;
  const summary = (name: MetricName): MetricSummary => ({
    percentiles: {
      50: rolled[`${name} p50`] ?? null,
      90: rolled[`${name} p90`] ?? null,
      95: rolled[`${name} p95`] ?? null,
      99: rolled[`${name} p99`] ?? null,
    },
    mean: rolled[`${name} mean`] ?? null,
    samples: rolled[`${name} samples`] ?? 0,
    values: Float64Array.from(ok.array(name)),
  });
  return Object.fromEntries(metricNames.map((name) => [name, summary(name)])) as Record<MetricName, MetricSummary>;
}

function countsOf(cohort: ColumnTable): CohortCounts {
  const counts = cohort
    .rollup({
      cutAtDrain: "d => op.sum(d.outcome === 'timeout' && d.outcomeDetail === 'drain' ? 1 : 0)",
      cold: op.sum('coldConnection'),
      ownSocket: 'd => op.sum(1 - d.socketReused)',
      tokensUnknown:
        "d => op.sum((d.outcome === 'ok' || !op.is_nan(d.firstTokenUs)) && op.is_nan(d.streamedTokens) ? 1 : 0)",
      tokensUnknownOk: "d => op.sum(d.outcome === 'ok' && op.is_nan(d.streamedTokens) ? 1 : 0)",
      lengthsMissed: `d => op.sum(d.outcome === 'ok' && op.abs(d.inputTokens - d.askedInputTokens) > 1
        && op.abs(d.inputTokens - d.askedInputTokens) > 0.02 * d.askedInputTokens ? 1 : 0)`,
    })
    .object() as Record<keyof CohortCounts, number | undefined>;
  const { cutAtDrain = 0, cold = 0, ownSocket = 0, tokensUnknown = 0, tokensUnknownOk = 0, lengthsMissed = 0 } = counts;
  return { cutAtDrain, cold, ownSocket, tokensUnknown, tokensUnknownOk, lengthsMissed };
}
