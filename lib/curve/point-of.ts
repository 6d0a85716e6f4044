import type { Stage } from '../plan/stage.ts';
import { mergeGapHistograms } from '../record/gap-histogram.ts';
import type { Receipt } from '../record/receipt.ts';
import { slicesPerWindow } from '../record/request-record.ts';
import type { StageColumns } from '../record/stage-columns.ts';
import type { Slo } from '../spec/slo.ts';
import { clientOf } from './client.ts';
import { type Cohort, cohortOf } from './cohort.ts';
import { type Crew, crewOf } from './crew.ts';
import { distributionOf, gapDistributionOf } from './distribution.ts';
import { goodputOf } from './goodput.ts';
import { driftWithin } from './halves.ts';
import { type InFlight, inFlightOf } from './in-flight.ts';
import { batchesIn } from './interval.ts';
import { type MetricName, measure } from './measured.ts';
import type { ClientPoint, Distribution, Note, Point } from './point.ts';
import { sloOf } from './slo.ts';
import { type Throughput, throughputOf } from './throughput.ts';
import { type ValidityFacts, validityOf } from './validity.ts';
import { windowOf } from './window.ts';

/** What is left of a stage to make a point of. */
export interface StageData {
  readonly stage: Stage;
  readonly columns: StageColumns;
  readonly receipts: readonly Receipt[];
  /** Files of records that are missing or could not be read. */
  readonly partsUnreadable: number;
}

/** Several tokens come in one read from here on, on average. */
const tokensPerReadToNote = 2;

/** A stage reduced to its point, whatever is missing of it, and held against the SLO if there is one. */
export function pointOf({ stage, columns, receipts, partsUnreadable }: StageData, slo: Slo | null = null): Point {
  const window = windowOf(stage, receipts);
  const measured = measure(columns);
  const cohort = cohortOf(measured);
  const p50LatencyMs = cohort.metrics.latencyMs.percentiles[50];
  const batches = p50LatencyMs === null ? null : batchesIn(window.seconds * 1000, p50LatencyMs);
  const throughput = throughputOf(measured, window, batches);
  const inFlight = inFlightOf(measured, receipts, window);
  const crew = crewOf(stage, receipts);
  const client = clientOf({ stage, window, columns: measured, receipts, crew, inFlight });
  const drift = driftWithin({ cohort, throughput, window, batches });
  const validity = validityOf(factsOf({ stage, receipts, cohort, client, crew, inFlight, drift }));
  const distributions = distributionsOf(cohort, batches !== null);
  const errorShare = shareOfSamples(cohort, cohort.failures);
  const goodput = slo?.perRequest ? goodputOf(measured, window, slo.perRequest) : null;
  return {
    schema: 'paretoken.point.v1',
    stage: stage.stage,
    stages: [stage.stage],
    kind: stage.kind,
    level: stage.level,
    cell: stage.cell,
    loop: 'closed',
    startedAtEpochMs: stage.startsAtEpochMs,
    windowSeconds: window.seconds,
    requests: cohort.requests,
    ok: cohort.ok,
    errors: cohort.errors,
    messages: cohort.messages,
    errorShare,
    ...distributions,
    interChunkMs: gapDistributionOf(mergeGapHistograms(receipts.map(({ interChunk }) => interChunk))),
    outputTokensPerSecond: throughput.outputTokensPerSecond,
    totalTokensPerSecond: throughput.totalTokensPerSecond,
    requestsPerSecond: throughput.requestsPerSecond,
    throughputIsLowerBound: throughput.isLowerBound,
    meanInputTokens: cohort.meanInputTokens,
    meanOutputTokens: cohort.meanOutputTokens,
    goodput,
    slo: slo === null ? null : sloOf(slo, { ...distributions, state: validity.state, errorShare, goodput }),
    slices: slicesOfPoint(throughput, inFlight, window.seconds),
    client,
    validity,
    notes: [
      ...noteIf('window_short', p50LatencyMs !== null && batches === null, null),
      ...noteIf('parts_unreadable', partsUnreadable > 0, partsUnreadable),
      ...noteIf('rows_corrupt', columns.rowsCorrupt > 0, columns.rowsCorrupt),
      ...noteIf('receipts_missing', crew.silent > 0, crew.silent),
      ...noteIf('tokens_per_read', (cohort.tokensPerRead ?? 0) >= tokensPerReadToNote, cohort.tokensPerRead),
    ],
  };
}

function distributionsOf({ metrics, failures }: Cohort, intervals: boolean): Record<MetricName, Distribution> {
  const plain = { failures, failureValue: Number.POSITIVE_INFINITY, intervals, shape: false };
  const shaped = { ...plain, shape: true };
  return {
    ttftMs: distributionOf(metrics.ttftMs, shaped),
    ttfoMs: distributionOf(metrics.ttfoMs, plain),
    tpotMs: distributionOf(metrics.tpotMs, shaped),
    latencyMs: distributionOf(metrics.latencyMs, shaped),
    latencyFromDueMs: distributionOf(metrics.latencyFromDueMs, plain),
    tokensPerSecondPerUser: distributionOf(metrics.tokensPerSecondPerUser, { ...plain, failureValue: 0 }),
  };
}

function slicesOfPoint({ tokensBySlice }: Throughput, { bySlice }: InFlight, windowSeconds: number): Point['slices'] {
  const sliceSeconds = windowSeconds / slicesPerWindow;
  return bySlice.map((inFlight, slice) => ({
    outputTokensPerSecond: tokensBySlice === null ? null : (tokensBySlice[slice] ?? 0) / sliceSeconds,
    inFlight,
  }));
}

/** The cohort less `cancelled`. */
function samplesOf({ ok, failures }: Cohort): number {
  return ok + failures;
}

function shareOfSamples(cohort: Cohort, count: number): number | null {
  const samples = samplesOf(cohort);
  return samples === 0 ? null : count / samples;
}

interface Judged {
  readonly stage: Stage;
  readonly receipts: readonly Receipt[];
  readonly cohort: Cohort;
  readonly client: ClientPoint;
  readonly crew: Crew;
  readonly inFlight: InFlight;
  readonly drift: number | null;
}

/** Nobody keeps connections warm when at least this share of the requests had a socket of their own. */
const everyConnection = 0.99;

function factsOf({ stage, receipts, cohort, client, crew, inFlight, drift }: Judged): ValidityFacts {
  const { counts, metrics } = cohort;
  const share = (count: number) => shareOfSamples(cohort, count);
  return {
    p50LatencyMs: metrics.latencyMs.percentiles[50],
    p50TpotMs: metrics.tpotMs.percentiles[50],
    eventLoopDelayP99Ms: client.eventLoopDelayP99Ms,
    cpuShare: client.cpuShare,
    sendLagP99Ms: client.sendLagP99Ms,
    streamsMissingShare: crew.streamsMissing / stage.level,
    loadHeld: client.loadHeld,
    emptiedShare: client.emptiedShare,
    coldShare: share(counts.cold),
    serverCloses: (share(counts.ownSocket) ?? 0) >= everyConnection,
    clockStepMs: client.clockStepMs,
    recordsMissingShare: inFlight.missingShare,
    cutAtDrainShare: share(counts.cutAtDrain),
    samples: samplesOf(cohort),
    errorShare: share(cohort.failures),
    driftWithin: drift,
    lengthsMissedShare: share(counts.lengthsMissed),
    tokensUnknownShare: share(counts.tokensUnknown),
    interrupted: crew.interrupted,
    controlUnreadable: receipts.some(({ controlUnreadable }) => controlUnreadable),
  };
}

function noteIf(name: Note['name'], applies: boolean, count: number | null): Note[] {
  return applies ? [{ name, count }] : [];
}
