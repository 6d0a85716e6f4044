import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker, workerData } from 'node:worker_threads';
import type { Assignment } from '../plan/assignment.ts';
import { fileStore } from '../store/file-store.ts';
import { httpTarget } from '../target/http-target.ts';
import { systemClock } from '../timing/clock.ts';
import { idleQueue } from '../timing/idle-queue.ts';
import { nonce } from '../timing/nonce.ts';
import { readTick } from '../timing/tick.ts';
import { threadHealthMonitor } from '../worker/health.ts';
import { runAssignment } from '../worker/run-assignment.ts';
import { threadRecorder } from '../worker/thread-recorder.ts';
import type { RecorderThreadData } from './recorder-entry.ts';

/** What a thread is given at birth. */
export interface ThreadData {
  readonly assignment: Assignment;
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
}

const { assignment, folder, secrets } = workerData as ThreadData;
const recorderEntry = new URL(`./recorder-entry${extname(import.meta.url)}`, import.meta.url);
const clock = systemClock();
const tick = readTick();

await runAssignment(assignment, {
  store: fileStore(folder),
  clock,
  idle: idleQueue(clock),
  secrets: {
    async resolve({ env }) {
      const value = secrets[env];
      if (value === undefined) throw new Error(`the environment variable ${env} is not set`);
      return value;
    },
  },
  newTarget: (url) => httpTarget({ url, clock, tick }),
  newRecorder: (place) =>
    threadRecorder(new Worker(recorderEntry, { workerData: { place, folder } satisfies RecorderThreadData })),
  newHealthMonitor: threadHealthMonitor,
  newNonce: nonce,
  machine: { node: process.version, platform: `${process.platform} ${process.arch}`, cpus: availableParallelism() },
});
