import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Recorder } from '../worker/recorder.ts';
import { threadRecorder } from '../worker/thread-recorder.ts';
import type { RecorderThreadData } from './recorder-entry.ts';

/** A recorder in a thread of its own, whose file lies beside this one: as source, as built, or bundled. */
export function recorderThread(data: RecorderThreadData): Recorder {
  const entry = new URL(`./recorder-entry${extname(import.meta.url)}`, import.meta.url);
  return threadRecorder(new Worker(entry, { workerData: data }));
}
