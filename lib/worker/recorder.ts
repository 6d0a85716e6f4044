import type { RequestRecord } from '../record/request-record.ts';
import { recordsKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { RecordEncoder } from './ports.ts';

/** What became of the records of a worker. */
export interface Recorded {
  readonly parts: number;
  readonly rows: number;
  /** Records that could not be stored. */
  readonly lost: number;
  /** Why, in the store's words; null when none was lost. */
  readonly failure: string | null;
}

export interface RecorderOptions {
  readonly store: Store;
  readonly encode: RecordEncoder;
  readonly sweepId: string;
  readonly stage: number;
  readonly worker: number;
}

/** Takes finished requests and stores them in parts. */
export interface Recorder {
  add(record: RequestRecord): void;
  /** Stores what is waiting as a part of its own. */
  flush(): Promise<void>;
  close(): Promise<Recorded>;
}

const rowsPerPart = 2000;

/** Stores records as Parquet parts of at most 2,000 requests; a part that can't be stored is tried once more at the end. */
export function recorder({ store, encode, sweepId, stage, worker }: RecorderOptions): Recorder {
  let waiting: RequestRecord[] = [];
  let refused: RequestRecord[] = [];
  let storing: Promise<void> = Promise.resolve();
  let failure: string | null = null;
  let parts = 0;
  let rows = 0;

  const storePart = async (records: RequestRecord[]) => {
    try {
      await store.put(recordsKey(sweepId, stage, worker, parts), await encode(records));
      parts += 1;
      rows += records.length;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      refused.push(...records);
    }
  };
  const flush = () => {
    const records = waiting;
    waiting = [];
    if (records.length > 0) storing = storing.then(() => storePart(records));
    return storing;
  };
  return {
    add(record) {
      waiting.push(record);
      if (waiting.length >= rowsPerPart) void flush();
    },
    flush,
    async close() {
      await flush();
      const again = refused;
      refused = [];
      for (let from = 0; from < again.length; from += rowsPerPart)
        await storePart(again.slice(from, from + rowsPerPart));
      return { parts, rows, lost: refused.length, failure: refused.length > 0 ? failure : null };
    },
  };
}
