import type { ClosedLoopResult } from '../load/closed-loop.ts';
import { type InFlightGauge, inFlightGauge } from '../load/in-flight-gauge.ts';
import type { Funds } from '../plan/assignment.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import { type GapCounter, gapCounter } from '../record/gap-histogram.ts';
import type { ClientHealth } from '../record/receipt.ts';
import type { RequestRecord } from '../record/request-record.ts';
import type { Outcome } from '../timing/outcome.ts';
import { type CountedWindow, countedWindow } from './counted-window.ts';
import { type Purse, purseOf } from './purse.ts';
import type { Recorded } from './recorder.ts';

/** What a worker has counted so far; everything that its receipt will say about the load. */
export interface Tally {
  readonly inFlight: InFlightGauge;
  readonly counted: CountedWindow;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly requests: number;
  readonly cohort: number;
  readonly gaps: GapCounter;
  readonly purse: Purse;
  lateMs: number;
  socketsOpened: number;
  loop: ClosedLoopResult;
  recorded: Recorded;
  health: ClientHealth;
  probe: ProbeFinding | null;
  /** Why a token could not be renewed; null: it could, or there was no need. */
  credentialFailure: string | null;
  /** Counts a finished request. */
  add(record: RequestRecord): void;
}

/** An empty tally. Gaps are those between reads of the cohort's ok answers. */
export function newTally(funds: Funds | null = null): Tally {
  const outcomes: Partial<Record<Outcome, number>> = {};
  const gaps = gapCounter();
  const counted = countedWindow();
  let requests = 0;
  let cohort = 0;
  return {
    inFlight: inFlightGauge(),
    counted,
    outcomes,
    gaps,
    purse: purseOf(funds),
    get requests() {
      return requests;
    },
    get cohort() {
      return cohort;
    },
    lateMs: 0,
    socketsOpened: 0,
    loop: { streamsGaveUp: 0, pauses: [] },
    recorded: { parts: 0, rows: 0, lost: 0, failure: null },
    health: { eventLoopDelayMs: null, cpuShare: null, gcPauseMs: null },
    probe: null,
    credentialFailure: null,
    add(record) {
      requests += 1;
      outcomes[record.outcome] = (outcomes[record.outcome] ?? 0) + 1;
      counted.add(record);
      if (record.phase !== 'cohort') return;
      cohort += 1;
      if (record.outcome !== 'ok' || record.buffered) return;
      for (const gapUs of record.tokenGapsUs) if (gapUs > 0) gaps.add(gapUs);
    },
  };
}
