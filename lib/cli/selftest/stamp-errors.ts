import { quantileSorted } from '../../curve/quantile.ts';
import type { JournalEntry } from '../../mock/journal.ts';
import type { RequestRecord } from '../../record/request-record.ts';

/** What a client wrote down, against what the mock's journal says of the same requests. */
export interface Compared {
  /** Answers that ended ok; all their tokens count. */
  readonly records: readonly RequestRecord[];
  /** The moment from which the stamps of the records count, in microseconds of the machine's monotonic clock. */
  readonly startsUs: number;
  readonly journal: readonly Pick<JournalEntry, 'requestId' | 'arrivalUs' | 'sendUs'>[];
}

/** Errors in microseconds, rising. What a stamp is late by is the way from the mock's write to the client's stamp. */
export interface StampErrors {
  /** Stamp less the time at which the mock sent the token, of every token. */
  readonly tokenUs: Float64Array;
  /** Time to first token as the client measured it less the mock's own, of every answer. */
  readonly ttftUs: Float64Array;
  /** Records that the journal does not have, or has with another number of tokens. */
  readonly unmatched: number;
}

export function stampErrors({ records, startsUs, journal }: Compared): StampErrors {
  const truths = new Map(journal.map((entry) => [entry.requestId, entry]));
  const tokenUs: number[] = [];
  const ttftUs: number[] = [];
  let unmatched = 0;
  for (const record of records) {
    const truth = truths.get(record.requestId);
    const { sentUs, firstTokenUs } = record;
    const [firstSentUs] = truth?.sendUs ?? [];
    if (!truth || firstSentUs === undefined || sentUs === null || firstTokenUs === null) unmatched += 1;
    else if (truth.sendUs.length !== record.tokenEvents) unmatched += 1;
    else {
      const stampsUs = stampsOf(startsUs + firstTokenUs, record.tokenGapsUs);
      tokenUs.push(...stampsUs.map((atUs, token) => atUs - (truth.sendUs[token] ?? Number.NaN)));
      ttftUs.push(firstTokenUs - sentUs - (firstSentUs - truth.arrivalUs));
    }
  }
  return { tokenUs: Float64Array.from(tokenUs).sort(), ttftUs: Float64Array.from(ttftUs).sort(), unmatched };
}

/** The first stamp and the sum of the gaps up to each token. */
function stampsOf(firstUs: number, gapsUs: readonly number[]): number[] {
  let atUs = firstUs;
  return [firstUs, ...gapsUs.map((gapUs) => (atUs += gapUs))];
}

/** A distribution of errors in milliseconds; a percentile p with fewer than 5 ÷ (1 − p) samples is null. */
export interface ErrorSpread {
  readonly samples: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly least: number | null;
  readonly most: number | null;
}

/** Percentiles are R-7. */
export function errorSpread(sortedUs: Float64Array): ErrorSpread {
  const ms = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1000);
  const quantile = (perMille: number) =>
    sortedUs.length * (1000 - perMille) < 5000 ? null : ms(quantileSorted(sortedUs, perMille / 1000));
  return {
    samples: sortedUs.length,
    p50: quantile(500),
    p99: quantile(990),
    p999: quantile(999),
    least: ms(sortedUs.at(0)),
    most: ms(sortedUs.at(-1)),
  };
}
