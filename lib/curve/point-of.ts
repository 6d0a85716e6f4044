import { isParity } from '../plan/pass.ts';
import { mergeGapHistograms } from '../record/gap-histogram.ts';
import { slicesPerWindow } from '../record/request-record.ts';
import type { Slo } from '../spec/slo.ts';
import { clientOf } from './client.ts';
import { type Cohort, cohortOf } from './cohort.ts';
import { distributionOf, gapDistributionOf } from './distribution.ts';
import { factsOf, shareOfSamples } from './facts-of.ts';
import { goodputOf } from './goodput.ts';
import { joinMeasured, type MetricName } from './measured.ts';
import { notebookPassOf } from './notebook-pass.ts';
import type { Distribution, Note, Point } from './point.ts';
import { ratioOver } from './ratio.ts';
import { type Run, runOf, type StageData } from './run.ts';
import { sloOf } from './slo.ts';
import { throughputOf } from './throughput.ts';
import { sumOfUsage } from './usage.ts';
import { validityOf } from './validity.ts';

/** Several tokens come in one read from here on, on average. */
const tokensPerReadToNote = 2;

/** A stage reduced to its point, whatever is missing of it, and held against the SLO if there is one. */
export function pointOf(data: StageData, slo: Slo | null = null): Point {
  return pointOfRuns([runOf(data)], slo);
}

/**
 * The point of one run of a level, or of several pooled: percentiles over all their answers, throughput over all their
 * windows, intervals from the batches and effective samples of each run. The last run is the newest.
 */
export function pointOfRuns(runs: readonly [Run, ...Run[]], slo: Slo | null): Point {
  const [first] = runs;
  const { stage } = runs.at(-1) ?? first;
  const cohort = runs.length === 1 ? first.cohort : cohortOf(joinMeasured(runs.map(({ columns }) => columns)));
  const client = clientOf(runs);
  const validity = validityOf(factsOf(runs, cohort, client));
  const distributions = distributionsOf(runs, cohort);
  const errorShare = shareOfSamples(cohort, cohort.failures);
  const goodput = slo?.perRequest ? goodputOf(runs, slo.perRequest) : null;
  const { isLowerBound, ...rates } = throughputOf(runs.map(({ arrivals }) => arrivals));
  return {
    schema: 'paretoken.point.v1',
    stage: stage.stage,
    stages: runs.map((run) => run.stage.stage),
    kind: stage.kind,
    level: stage.level,
    cell: stage.cell,
    pass: stage.pass,
    loop: 'closed',
    startedAtEpochMs: first.stage.startsAtEpochMs,
    windowSeconds: runs.reduce((sum, { window }) => sum + window.seconds, 0),
    requests: cohort.requests,
    ok: cohort.ok,
    errors: cohort.errors,
    messages: cohort.messages,
    errorShare,
    ...distributions,
    interChunkMs: gapDistributionOf(
      mergeGapHistograms(runs.flatMap(({ receipts }) => receipts.map(({ interChunk }) => interChunk))),
    ),
    ...rates,
    throughputIsLowerBound: isLowerBound,
    meanInputTokens: cohort.meanInputTokens,
    meanOutputTokens: cohort.meanOutputTokens,
    goodput,
    slo:
      slo === null || isParity(stage.pass)
        ? null
        : sloOf(slo, { ...distributions, state: validity.state, errorShare, goodput }),
    slices: slicesOf(runs),
    usage: sumOfUsage(runs.map(({ usage }) => usage)),
    client,
    notebookPass: notebookPassOf(runs.at(-1) ?? first),
    notebook: null,
    validity,
    notes: notesOf(runs, cohort),
  };
}

function distributionsOf(runs: readonly Run[], cohort: Cohort): Record<MetricName, Distribution> {
  const intervals = runs.every(({ arrivals }) => arrivals.batches !== null);
  const plain = { failures: cohort.failures, failureValue: Number.POSITIVE_INFINITY, intervals, shape: false };
  const shaped = { ...plain, shape: true };
  const of = (name: MetricName, options: typeof plain) =>
    distributionOf(
      cohort.metrics[name],
      runs.map((run) => run.cohort.metrics[name].values),
      options,
    );
  return {
    ttftMs: of('ttftMs', shaped),
    ttfoMs: of('ttfoMs', plain),
    tpotMs: of('tpotMs', shaped),
    latencyMs: of('latencyMs', shaped),
    latencyFromDueMs: of('latencyFromDueMs', plain),
    tokensPerSecondPerUser: of('tokensPerSecondPerUser', { ...plain, failureValue: 0 }),
  };
}

/** The course of the level through its window; of several runs their mean. */
function slicesOf(runs: readonly Run[]): Point['slices'] {
  const telling = runs.filter(({ arrivals }) => arrivals.outputTokens?.bySlice);
  return Array.from({ length: slicesPerWindow }, (_, slice) => ({
    outputTokensPerSecond: ratioOver(telling, ({ arrivals, window }) => [
      arrivals.outputTokens?.bySlice?.[slice] ?? 0,
      window.seconds / slicesPerWindow,
    ]),
    inFlight: ratioOver(runs, ({ inFlight, window }) => [
      inFlight.secondsBySlice[slice] ?? 0,
      window.seconds / slicesPerWindow,
    ]),
  }));
}

function notesOf(runs: readonly Run[], { tokensPerRead }: Cohort): Note[] {
  const sum = (of: (run: Run) => number) => runs.reduce((total, run) => total + of(run), 0);
  const short = runs.some(({ isShort }) => isShort);
  const unreadable = sum(({ partsUnreadable }) => partsUnreadable);
  const corrupt = sum(({ columns }) => columns.rowsCorrupt);
  const silent = sum(({ crew }) => crew.silent);
  return [
    ...noteIf('window_short', short, null),
    ...noteIf('parts_unreadable', unreadable > 0, unreadable),
    ...noteIf('rows_corrupt', corrupt > 0, corrupt),
    ...noteIf('receipts_missing', silent > 0, silent),
    ...noteIf('tokens_per_read', (tokensPerRead ?? 0) >= tokensPerReadToNote, tokensPerRead),
  ];
}

function noteIf(name: Note['name'], applies: boolean, count: number | null): Note[] {
  return applies ? [{ name, count }] : [];
}
