import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Store } from '../store/store.ts';
import type { RecorderPlace } from '../worker/recorder.ts';

/** Where records rest: a results folder, or a bucket; `endpoint` is another server that speaks S3. */
export type StorePlace = { readonly folder: string } | { readonly bucket: string; readonly endpoint?: string };

/** What a recorder's thread is given at birth. */
export interface RecorderThreadData {
  readonly place: RecorderPlace;
  readonly store: StorePlace;
}

// On Linux this is the priority of this thread alone: whoever stamps goes first, also while the rest is loaded.
try {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
} catch {
  // Recording at normal priority is slower for the stamps, not wrong.
}

const { encodeRecords } = await import('../record/parquet-file.ts');
const { recorder } = await import('../worker/recorder.ts');
const { serveRecorder } = await import('../worker/thread-recorder.ts');

const { place, store } = workerData as RecorderThreadData;
if (parentPort === null) throw new Error('the recorder runs in a thread of a worker');
serveRecorder(parentPort, recorder({ ...place, store: await storeAt(store), encode: encodeRecords }));

/** Each kind of store is loaded where it is used: a laptop's thread needs no AWS SDK. */
async function storeAt(at: StorePlace): Promise<Store> {
  if ('folder' in at) {
    const { fileStore } = await import('../store/file-store.ts');
    return fileStore(at.folder);
  }
  const { s3Store } = await import('../store/s3-store.ts');
  const { systemClock } = await import('../timing/clock.ts');
  return s3Store({ ...at, clock: systemClock() });
}
