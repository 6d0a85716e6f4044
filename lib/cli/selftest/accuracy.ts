import type { JournalEntry } from '../../mock/journal.ts';
import type { ClientHealth } from '../../record/receipt.ts';
import type { RequestRecord } from '../../record/request-record.ts';
import { type ErrorSpread, errorSpread, stampErrors } from './stamp-errors.ts';

/** How exact a worker was with a number of parallel streams. */
export interface Accuracy {
  readonly streams: number;
  /** Requests due in the window. */
  readonly requests: number;
  /** Of these, the ones that did not end ok, or that the mock remembers otherwise. */
  readonly lost: number;
  /** A token's stamp less the time at which the mock sent it, in milliseconds. */
  readonly tokenErrorMs: ErrorSpread;
  /** Time to first token as measured less the mock's own, in milliseconds. */
  readonly ttftErrorMs: ErrorSpread;
  /** CPU time of the stamping thread a token that arrived in the window, in microseconds. */
  readonly cpuUsPerToken: number | null;
  /** Mean time between tokens as the mock sent them, in milliseconds; more than it was told: it could not keep up. */
  readonly mockGapMs: number | null;
  /** Of the stamping thread. */
  readonly eventLoopDelayP99Ms: number | null;
  /** Of a thread that had nothing to do: how late this machine wakes anyone. */
  readonly idleThreadDelayP99Ms: number | null;
}

export interface Press {
  readonly streams: number;
  readonly records: readonly RequestRecord[];
  readonly journal: readonly JournalEntry[];
  /** The moment from which stamps count, in microseconds of the machine's monotonic clock. */
  readonly startsUs: number;
  readonly windowMs: number;
  readonly health: ClientHealth;
  readonly idleThreadDelayP99Ms: number | null;
}

/** Compares the answers to the requests that were due in the window with the mock's journal. */
export function accuracyOf(press: Press): Accuracy {
  const { streams, records, journal, startsUs, windowMs, health, idleThreadDelayP99Ms } = press;
  const cohort = records.filter(({ phase }) => phase === 'cohort');
  const ok = cohort.filter(({ outcome }) => outcome === 'ok');
  const errors = stampErrors({ records: ok, startsUs, journal });
  const answered = new Set(ok.map(({ requestId }) => requestId));
  const windowTokens = records.reduce((sum, record) => sum + (record.windowTokens ?? 0), 0);
  const cpuUs = health.cpuShare === null ? null : health.cpuShare * windowMs * 1000;
  return {
    streams,
    requests: cohort.length,
    lost: cohort.length - ok.length + errors.unmatched,
    tokenErrorMs: errorSpread(errors.tokenUs),
    ttftErrorMs: errorSpread(errors.ttftUs),
    cpuUsPerToken: cpuUs === null || windowTokens === 0 ? null : cpuUs / windowTokens,
    mockGapMs: meanGapMs(journal.filter(({ requestId }) => answered.has(requestId))),
    eventLoopDelayP99Ms: health.eventLoopDelayMs?.p99 ?? null,
    idleThreadDelayP99Ms,
  };
}

function meanGapMs(entries: readonly JournalEntry[]): number | null {
  const gaps = entries.reduce((sum, { sendUs }) => sum + Math.max(0, sendUs.length - 1), 0);
  const spannedUs = entries.reduce((sum, { sendUs }) => sum + (sendUs.at(-1) ?? 0) - (sendUs[0] ?? 0), 0);
  return gaps === 0 ? null : spannedUs / gaps / 1000;
}
