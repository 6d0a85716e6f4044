import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { RecorderPlace } from '../worker/recorder.ts';

/** What a recorder's thread is given at birth. */
export interface RecorderThreadData {
  readonly place: RecorderPlace;
  readonly folder: string;
}

// On Linux this is the priority of this thread alone: whoever stamps goes first, also while the rest is loaded.
try {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
} catch {
  // Recording at normal priority is slower for the stamps, not wrong.
}

const { encodeRecords } = await import('../record/parquet-file.ts');
const { fileStore } = await import('../store/file-store.ts');
const { recorder } = await import('../worker/recorder.ts');
const { serveRecorder } = await import('../worker/thread-recorder.ts');

const { place, folder } = workerData as RecorderThreadData;
if (parentPort === null) throw new Error('the recorder runs in a thread of a worker');
serveRecorder(parentPort, recorder({ ...place, store: fileStore(folder), encode: encodeRecords }));
