import type { ValidityState } from '../plan/verdict.ts';
import type { Interruption } from './crew.ts';
import type { Reason } from './point.ts';

/** Names of what makes a point dubious; docs/validity.md says what each means and what to do. */
export const reasonNames = [
  'event_loop_delay',
  'cpu',
  'send_lag',
  'streams_missing',
  'load_not_held',
  'emptied',
  'cold_connections',
  'clock_step',
  'records_missing',
  'cut_at_drain',
  'few_samples',
  'errors',
  'drifting',
  'lengths_missed',
  'tokens_unknown',
  'interrupted',
  'control_unreadable',
] as const;

export type ReasonName = (typeof reasonNames)[number];

/** What a reason comes from, where that can be told; docs/validity.md says what each means. */
export const reasonCauses = [
  'stopped',
  'gave_up',
  'budget',
  'cut_off',
  'control_unreadable',
  'interrupted',
  'streams_missing',
  'records_missing',
  'pauses',
  'counted',
  'cut_at_drain',
  'broken_off',
  'not_counted',
] as const;

export type ReasonCause = (typeof reasonCauses)[number];

/** What validity is judged by; null where it is not known, and then not judged. Shares are of the cohort less `cancelled`. */
export interface ValidityFacts {
  readonly level: number;
  /** The stage was counted in requests. */
  readonly counted: boolean;
  /** A pass of Databricks' notebook, which shows its figures from one answer up. */
  readonly ofNotebook: boolean;
  readonly p50LatencyMs: number | null;
  readonly p50TpotMs: number | null;
  readonly eventLoopDelayP99Ms: number | null;
  readonly cpuShare: number | null;
  readonly sendLagP99Ms: number | null;
  /** Streams that never ran ÷ the level. */
  readonly streamsMissingShare: number;
  readonly loadHeld: number | null;
  readonly emptiedShare: number | null;
  readonly pausedShare: number | null;
  readonly coldShare: number | null;
  /** The server closes each connection after its answer, so that nobody could keep them warm. */
  readonly serverCloses: boolean;
  readonly clockStepMs: number | null;
  readonly recordsMissingShare: number | null;
  /** Of the cohort cut by the drain, or by a stop during it. */
  readonly cutAtDrainShare: number | null;
  readonly stoppedInDrain: boolean;
  /** The cohort less `cancelled`. */
  readonly samples: number;
  readonly errorShare: number | null;
  /** All failures are answers that the drain cut. */
  readonly onlyCutFailed: boolean;
  readonly driftWithin: number | null;
  readonly lengthsMissedShare: number | null;
  readonly tokensUnknownShare: number | null;
  /** Of those the share that ended ok. */
  readonly tokensUnknownOkShare: number | null;
  readonly interruption: Interruption | null;
  readonly controlUnreadable: boolean;
}

interface Check {
  readonly measured: number | null;
  /** Null: it never makes a point suspect, or never void. */
  readonly suspect: number | null;
  readonly void: number | null;
  readonly crossed: 'above' | 'below';
}

const above = (measured: number | null, suspect: number | null, voided: number | null): Check => ({
  measured,
  suspect,
  void: voided,
  crossed: 'above',
});
const below = (measured: number | null, suspect: number, voided: number): Check => ({
  measured,
  suspect,
  void: voided,
  crossed: 'below',
});

/** A lag that is not even suspect does not void a very fast endpoint. */
const sendLagLimitMs = 10;
const voidLagMs = (p50LatencyMs: number | null) =>
  p50LatencyMs === null ? null : Math.max(sendLagLimitMs, p50LatencyMs / 10);

const missingTolerated = 0.01;

/** A gap in the records looks like a gap in the load, or like a change of the endpoint: then neither is judged by them. */
const ifRecorded = ({ recordsMissingShare }: ValidityFacts, measured: number | null) =>
  (recordsMissingShare ?? 0) > missingTolerated ? null : measured;

/** So many must be in flight before one that is missing leaves 95 % of them. */
const oneInTwenty = 20;

/**
 * The emptied share that missing records can't account for: below a level of 20 a single one that is missing leaves less
 * than 95 %, from there on it takes 5 % of the level (Markov's inequality).
 */
function emptiedForSure({ emptiedShare, recordsMissingShare, level }: ValidityFacts): number | null {
  if (emptiedShare === null) return null;
  return Math.max(0, emptiedShare - Math.min(level, oneInTwenty) * (recordsMissingShare ?? 0));
}

/** All limits, `suspect` before `void`; starting values. */
const checks: Readonly<Record<ReasonName, (facts: ValidityFacts) => Check | boolean>> = {
  event_loop_delay: (f) => above(f.eventLoopDelayP99Ms, Math.max(5, 0.05 * (f.p50TpotMs ?? 0)), 50),
  cpu: (f) => above(f.cpuShare, 0.7, 0.95),
  send_lag: (f) => above(f.sendLagP99Ms, sendLagLimitMs, voidLagMs(f.p50LatencyMs)),
  streams_missing: (f) => above(f.streamsMissingShare, 0, 0.05),
  load_not_held: (f) => below(f.loadHeld, 0.95, 0.8),
  emptied: (f) => above(ifRecorded(f, emptiedForSure(f)), 0.05, 0.2),
  cold_connections: (f) => above(f.coldShare, 0.01, f.serverCloses ? null : 0.2),
  clock_step: (f) => above(f.clockStepMs, 100, 1000),
  records_missing: (f) => above(f.recordsMissingShare, missingTolerated, 0.05),
  cut_at_drain: (f) => above(f.cutAtDrainShare, 0, 0.05),
  few_samples: (f) => !f.ofNotebook && below(f.samples, 100, 10),
  errors: (f) => above(f.errorShare, 0.01, 0.5),
  drifting: (f) => above(f.interruption ? null : ifRecorded(f, f.driftWithin), 0.1, null),
  lengths_missed: (f) => above(f.lengthsMissedShare, 0.05, null),
  tokens_unknown: (f) => above(f.tokensUnknownShare, 0.01, 0.2),
  interrupted: (f) => f.interruption !== null,
  control_unreadable: (f) => f.controlUnreadable,
};

/** What reasons come from; those that are not here speak for themselves. */
const causes: Readonly<Partial<Record<ReasonName, (facts: ValidityFacts) => ReasonCause | null>>> = {
  load_not_held: (f) => gapCause(f, 1 - (f.loadHeld ?? 1)),
  emptied: emptiedCause,
  cut_at_drain: (f) => (f.stoppedInDrain ? 'stopped' : null),
  few_samples: fewCause,
  errors: (f) => (f.onlyCutFailed ? 'cut_at_drain' : null),
  tokens_unknown({ tokensUnknownOkShare }) {
    if (tokensUnknownOkShare === 0) return 'broken_off';
    return tokensUnknownOkShare === 1 ? 'not_counted' : null;
  },
  interrupted: (f) => f.interruption,
};

/** What makes up at least half of a gap in the load. */
function gapCause({ interruption, streamsMissingShare, pausedShare }: ValidityFacts, gap: number): ReasonCause | null {
  if (interruption !== null) return 'interrupted';
  if (streamsMissingShare > 0 && streamsMissingShare >= gap / 2) return 'streams_missing';
  return (pausedShare ?? 0) > 0 && (pausedShare ?? 0) >= gap / 2 ? 'pauses' : null;
}

/** More missing streams than may be missing leave it empty all the time; pauses, as missing records, so long at most. */
function emptiedCause(facts: ValidityFacts): ReasonCause | null {
  const { interruption, streamsMissingShare, emptiedShare, pausedShare, level } = facts;
  if (interruption !== null) return 'interrupted';
  if (streamsMissingShare > 1 / oneInTwenty) return 'streams_missing';
  const byPauses = Math.min(level, oneInTwenty) * (pausedShare ?? 0);
  return byPauses > 0 && byPauses >= (emptiedShare ?? 0) / 2 ? 'pauses' : null;
}

function fewCause(facts: ValidityFacts): ReasonCause | null {
  if (facts.interruption !== null) return 'interrupted';
  if ((facts.recordsMissingShare ?? 0) > missingTolerated) return 'records_missing';
  const lost = gapCause(facts, 1 - (facts.loadHeld ?? 1));
  const halfLost = (facts.loadHeld ?? 1) < 0.5;
  if (halfLost && lost !== null) return lost;
  return facts.counted ? 'counted' : null;
}

/** All reasons to doubt a stage, in the order of their names, and the worst state among them. */
export function validityOf(facts: ValidityFacts): { state: ValidityState; reasons: Reason[] } {
  const reasons = reasonNames.flatMap((name) => {
    const found = reasonFrom(name, checks[name](facts));
    return found === null ? [] : { ...found, cause: causes[name]?.(facts) ?? null };
  });
  if (reasons.some(({ state }) => state === 'void')) return { state: 'void', reasons };
  return { state: reasons.length > 0 ? 'suspect' : 'ok', reasons };
}

function reasonFrom(name: ReasonName, check: Check | boolean): Omit<Reason, 'cause'> | null {
  if (typeof check === 'boolean') return check ? { name, state: 'void', measured: null, limit: null } : null;
  const { measured, crossed } = check;
  const crosses = (limit: number | null): limit is number =>
    measured !== null && limit !== null && (crossed === 'above' ? measured > limit : measured < limit);
  if (crosses(check.void)) return { name, state: 'void', measured, limit: check.void };
  return crosses(check.suspect) ? { name, state: 'suspect', measured, limit: check.suspect } : null;
}
