import { isParity } from '../plan/pass.ts';
import type { Cohort } from './cohort.ts';
import { missingShareOf } from './in-flight.ts';
import type { ClientPoint } from './point.ts';
import { ratioOver } from './ratio.ts';
import type { Run } from './run.ts';
import type { ValidityFacts } from './validity.ts';

/** Nobody keeps connections warm when at least this share of the requests had a socket of their own. */
const everyConnection = 0.99;

/** What the runs of a level, their common cohort and their client are judged by. */
export function factsOf(runs: readonly [Run, ...Run[]], cohort: Cohort, client: ClientPoint): ValidityFacts {
  const [{ stage }] = runs;
  const { counts, metrics, failures } = cohort;
  const share = (count: number) => shareOfSamples(cohort, count);
  const interruption = runs.map(({ crew }) => crew.interruption).find((why) => why !== null) ?? null;
  // An interrupted level is void anyway, and what it cancelled then was not slow but unlucky.
  const stopped = interruption === null ? (cohort.errors.cancelled ?? 0) : 0;
  return {
    level: stage.level,
    counted: stage.windowMs === null,
    ofNotebook: isParity(stage.pass),
    p50LatencyMs: metrics.latencyMs.percentiles[50],
    p50TpotMs: metrics.tpotMs.percentiles[50],
    eventLoopDelayP99Ms: client.eventLoopDelayP99Ms,
    cpuShare: client.cpuShare,
    sendLagP99Ms: client.sendLagP99Ms,
    streamsMissingShare: ratioOver(runs, (run) => [run.crew.streamsMissing, run.stage.level]) ?? 0,
    loadHeld: client.loadHeld,
    emptiedShare: client.emptiedShare,
    pausedShare: client.pausedShare,
    coldShare: share(counts.cold),
    serverCloses: (share(counts.ownSocket) ?? 0) >= everyConnection,
    clockStepMs: client.clockStepMs,
    recordsMissingShare: missingShareOf(runs.map(({ inFlight }) => inFlight)),
    cutAtDrainShare: ratioOver([cohort], () => [counts.cutAtDrain + stopped, samplesOf(cohort) + stopped]),
    stoppedInDrain: stopped > 0,
    samples: samplesOf(cohort),
    errorShare: share(failures),
    onlyCutFailed: failures > 0 && failures === counts.cutAtDrain,
    driftWithin: largest(runs.map((run) => run.driftWithin)),
    lengthsMissedShare: share(counts.lengthsMissed),
    tokensUnknownShare: share(counts.tokensUnknown),
    tokensUnknownOkShare: counts.tokensUnknown === 0 ? null : counts.tokensUnknownOk / counts.tokensUnknown,
    interruption,
    controlUnreadable: runs.some(({ receipts }) => receipts.some(({ controlUnreadable }) => controlUnreadable)),
  };
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The cohort less `cancelled`. */
function samplesOf({ ok, failures }: Cohort): number {
  return ok + failures;
}

/** A count of the cohort less `cancelled` as a share of it; null without any. */
export function shareOfSamples(cohort: Cohort, count: number): number | null {
  const samples = samplesOf(cohort);
  return samples === 0 ? null : count / samples;
}
