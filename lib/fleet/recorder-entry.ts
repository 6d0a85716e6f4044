import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { encodeRecords } from '../record/parquet-file.ts';
import { fileStore } from '../store/file-store.ts';
import { type RecorderPlace, recorder } from '../worker/recorder.ts';
import { serveRecorder } from '../worker/thread-recorder.ts';

/** What a recorder's thread is given at birth. */
export interface RecorderThreadData {
  readonly place: RecorderPlace;
  readonly folder: string;
}

const { place, folder } = workerData as RecorderThreadData;

// On Linux this is the priority of this thread alone: whoever stamps goes first. Elsewhere it may be refused.
try {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_LOW);
} catch {
  // Encoding at normal priority is slower for the stamps, not wrong.
}

if (parentPort === null) throw new Error('the recorder runs in a thread of a worker');
serveRecorder(parentPort, recorder({ ...place, store: fileStore(folder), encode: encodeRecords }));
