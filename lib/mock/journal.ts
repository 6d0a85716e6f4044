/** The truth about one request, in integer microseconds of the machine's monotonic clock. */
export interface JournalEntry {
  readonly schema: 'paretoken.mock-journal.v1';
  /** `x-request-id`, or one that the mock made up. */
  readonly requestId: string;
  /** The whole request was there. */
  readonly arrivalUs: number;
  /** It got its slot; null: never. */
  admittedUs: number | null;
  status: number | null;
  /** Null: no headers were sent. */
  headersUs: number | null;
  /** Just before each token was handed to the connection. Empty if the answer came as one JSON text. */
  readonly sendUs: number[];
  /** The end of the answer was handed to the connection; null: it never was. */
  finishedUs: number | null;
  /** Words of the request; null where it was refused. */
  inputTokens: number | null;
  /** Tokens sent so far. */
  outputTokens: number;
  streamed: boolean;
  /** Names of the faults that bent the answer. */
  faults: readonly string[];
  /**
   * `finished`: a clean end of the body; `broken`: the connection was broken by a fault; `cancelled`: the client left
   * first; null: not over yet.
   */
  ending: 'finished' | 'broken' | 'cancelled' | null;
}

export interface Journal {
  open(requestId: string, arrivalUs: number): JournalEntry;
  /** Writes the ending and tells whoever listens; only the first ending counts. */
  close(entry: JournalEntry, ending: NonNullable<JournalEntry['ending']>): void;
  /** The newest entry with this id; null: none, or dropped. */
  get(requestId: string): JournalEntry | null;
  /** All entries kept, in order of arrival. */
  entries(): readonly JournalEntry[];
  /** Entries dropped because there was no room. */
  dropped(): number;
}

export interface JournalOptions {
  /** Most entries kept; the oldest make room. */
  readonly mostEntries?: number;
  /** Most token times kept over all ended entries. */
  readonly mostTokenTimes?: number;
  readonly onClosed?: (entry: JournalEntry) => void;
}

/** A journal in memory, bounded in entries (20,000 by default) and in token times (5 million, about 40 MB). */
export function memoryJournal(options: JournalOptions = {}): Journal {
  const { mostEntries = 20_000, mostTokenTimes = 5_000_000, onClosed } = options;
  const kept = new Set<JournalEntry>();
  const newest = new Map<string, JournalEntry>();
  let tokenTimes = 0;
  let dropped = 0;
  const makeRoom = () => {
    for (const oldest of kept) {
      if (kept.size <= mostEntries && tokenTimes <= mostTokenTimes) return;
      kept.delete(oldest);
      if (newest.get(oldest.requestId) === oldest) newest.delete(oldest.requestId);
      if (oldest.ending !== null) tokenTimes -= oldest.sendUs.length;
      dropped += 1;
    }
  };
  return {
    open(requestId, arrivalUs) {
      const entry = openEntry(requestId, arrivalUs);
      kept.add(entry);
      newest.set(requestId, entry);
      makeRoom();
      return entry;
    },
    close(entry, ending) {
      if (entry.ending !== null) return;
      entry.ending = ending;
      if (kept.has(entry)) tokenTimes += entry.sendUs.length;
      makeRoom();
      onClosed?.(entry);
    },
    get: (requestId) => newest.get(requestId) ?? null,
    entries: () => [...kept],
    dropped: () => dropped,
  };
}

function openEntry(requestId: string, arrivalUs: number): JournalEntry {
  return {
    schema: 'paretoken.mock-journal.v1',
    requestId,
    arrivalUs,
    admittedUs: null,
    status: null,
    headersUs: null,
    sendUs: [],
    finishedUs: null,
    inputTokens: null,
    outputTokens: 0,
    streamed: false,
    faults: [],
    ending: null,
  };
}
