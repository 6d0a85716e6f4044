import type { ValidityState } from '../plan/verdict.ts';
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

/** What validity is judged by; null where it is not known, and then not judged. Shares are of the cohort less `cancelled`. */
export interface ValidityFacts {
  readonly p50LatencyMs: number | null;
  readonly p50TpotMs: number | null;
  readonly eventLoopDelayP99Ms: number | null;
  readonly cpuShare: number | null;
  readonly sendLagP99Ms: number | null;
  /** Streams that never ran ÷ the level. */
  readonly streamsMissingShare: number;
  readonly loadHeld: number | null;
  readonly emptiedShare: number | null;
  readonly coldShare: number | null;
  /** The server closes each connection after its answer, so that nobody could keep them warm. */
  readonly serverCloses: boolean;
  readonly clockStepMs: number | null;
  readonly recordsMissingShare: number | null;
  readonly cutAtDrainShare: number | null;
  /** The cohort less `cancelled`. */
  readonly samples: number;
  readonly errorShare: number | null;
  readonly driftWithin: number | null;
  readonly lengthsMissedShare: number | null;
  readonly tokensUnknownShare: number | null;
  readonly interrupted: boolean;
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

const tenthOf = (value: number | null) => (value === null ? null : value / 10);

const missingTolerated = 0.01;

/** A gap in the records looks like a gap in the load, or like a change of the endpoint: then neither is judged by them. */
const ifRecorded = ({ recordsMissingShare }: ValidityFacts, measured: number | null) =>
  (recordsMissingShare ?? 0) > missingTolerated ? null : measured;

/** All limits, `suspect` before `void`; starting values. */
const checks: Readonly<Record<ReasonName, (facts: ValidityFacts) => Check | boolean>> = {
  event_loop_delay: (f) => above(f.eventLoopDelayP99Ms, Math.max(5, 0.05 * (f.p50TpotMs ?? 0)), 50),
  cpu: (f) => above(f.cpuShare, 0.7, 0.95),
  send_lag: (f) => above(f.sendLagP99Ms, 10, tenthOf(f.p50LatencyMs)),
  streams_missing: (f) => above(f.streamsMissingShare, 0, 0.05),
  load_not_held: (f) => below(f.loadHeld, 0.95, 0.8),
  emptied: (f) => above(ifRecorded(f, f.emptiedShare), 0.05, 0.2),
  cold_connections: (f) => above(f.coldShare, 0.01, f.serverCloses ? null : 0.2),
  clock_step: (f) => above(f.clockStepMs, 100, 1000),
  records_missing: (f) => above(f.recordsMissingShare, missingTolerated, 0.05),
  cut_at_drain: (f) => above(f.cutAtDrainShare, 0, 0.05),
  few_samples: (f) => below(f.samples, 100, 10),
  errors: (f) => above(f.errorShare, 0.01, 0.5),
  drifting: (f) => above(f.interrupted ? null : ifRecorded(f, f.driftWithin), 0.1, null),
  lengths_missed: (f) => above(f.lengthsMissedShare, 0.05, null),
  tokens_unknown: (f) => above(f.tokensUnknownShare, 0.01, 0.2),
  interrupted: (f) => f.interrupted,
  control_unreadable: (f) => f.controlUnreadable,
};

/** All reasons to doubt a stage, in the order of their names, and the worst state among them. */
export function validityOf(facts: ValidityFacts): { state: ValidityState; reasons: Reason[] } {
  const reasons = reasonNames.flatMap((name) => reasonFrom(name, checks[name](facts)) ?? []);
  if (reasons.some(({ state }) => state === 'void')) return { state: 'void', reasons };
  return { state: reasons.length > 0 ? 'suspect' : 'ok', reasons };
}

function reasonFrom(name: ReasonName, check: Check | boolean): Reason | null {
  if (typeof check === 'boolean') return check ? { name, state: 'void', measured: null, limit: null } : null;
  const { measured, crossed } = check;
  const crosses = (limit: number | null): limit is number =>
    measured !== null && limit !== null && (crossed === 'above' ? measured > limit : measured < limit);
  if (crosses(check.void)) return { name, state: 'void', measured, limit: check.void };
  return crosses(check.suspect) ? { name, state: 'suspect', measured, limit: check.suspect } : null;
}
