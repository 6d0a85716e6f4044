import type { RequestRecord } from '../record/request-record.ts';
import { recordsKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';

/** What became of the records of a worker. */
export interface Recorded {
  readonly parts: number;
  readonly rows: number;
  /** Records that could not be stored. */
  readonly lost: number;
  /** Why, in the store's words; null when none was lost. */
  readonly failure: string | null;
}

/** Whose records they are. */
export interface RecorderPlace {
  readonly sweepId: string;
  readonly stage: number;
  readonly worker: number;
}

/** Takes finished requests and stores them in parts. */
export interface Recorder {
  add(record: RequestRecord): void;
  /** Stores what is waiting as a part of its own. */
  flush(): Promise<void>;
  /** Stores what is left and tells what became of all. Never rejects. */
  close(): Promise<Recorded>;
  /** Lets go of everything, stored or not, without waiting for the store. Never rejects. */
  abandon(): Promise<void>;
}

export interface RecorderOptions extends RecorderPlace {
  readonly store: Store;
  readonly encode: (records: readonly RequestRecord[]) => Uint8Array;
}

const rowsPerPart = 2000;
const bytesPerPart = 8 * 1024 * 1024;
/** While the store fails, so much is kept for a later try; what comes beyond is lost, and counted. */
const mostWaitingBytes = 128 * 1024 * 1024;

/** A record's size in memory, roughly: a fixed part, and a number for each gap. */
const sizeOf = ({ tokenGapsUs }: RequestRecord) => 1000 + 8 * tokenGapsUs.length;

/**
 * Stores records as Parquet parts of at most 2,000 requests or about 8 MiB. A part that the store refuses is kept and
 * tried again with the next, as long as there is room.
 */
export function recorder({ store, encode, sweepId, stage, worker }: RecorderOptions): Recorder {
  let waiting: RequestRecord[] = [];
  let waitingBytes = 0;
  let refused: (readonly RequestRecord[])[] = [];
  let storing: Promise<void> = Promise.resolve();
  let keptBytes = 0;
  let failure: string | null = null;
  let [parts, rows, lost] = [0, 0, 0];

  const storePart = async (records: readonly RequestRecord[]): Promise<boolean> => {
    try {
      await store.put(recordsKey(sweepId, stage, worker, parts), encode(records));
      parts += 1;
      rows += records.length;
      keptBytes -= bytesOf(records);
      return true;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      return false;
    }
  };
  const storeAll = async (records: readonly RequestRecord[]) => {
    const queue = records.length > 0 ? [...refused, records] : refused;
    refused = [];
    for (const [index, part] of queue.entries()) {
      if (await storePart(part)) continue;
      refused = queue.slice(index);
      return;
    }
  };
  const flush = () => {
    const records = waiting;
    waiting = [];
    waitingBytes = 0;
    storing = storing.then(() => storeAll(records));
    return storing;
  };
  return {
    add(record) {
      const bytes = sizeOf(record);
      if (keptBytes + bytes > mostWaitingBytes) {
        lost += 1;
        return;
      }
      keptBytes += bytes;
      waitingBytes += bytes;
      waiting.push(record);
      if (waiting.length >= rowsPerPart || waitingBytes >= bytesPerPart) void flush();
    },
    flush,
    async close() {
      await flush();
      if (refused.length > 0) await flush();
      lost += refused.reduce((sum, part) => sum + part.length, 0);
      return { parts, rows, lost, failure: lost > 0 ? failure : null };
    },
    async abandon() {
      waiting = [];
      refused = [];
    },
  };
}

const bytesOf = (records: readonly RequestRecord[]) => records.reduce((sum, record) => sum + sizeOf(record), 0);
