import { workerData } from 'node:worker_threads';
import type { Assignment } from '../plan/assignment.ts';
import { fileStore } from '../store/file-store.ts';
import { httpTarget } from '../target/http-target.ts';
import { systemClock } from '../timing/clock.ts';
import { idleQueue } from '../timing/idle-queue.ts';
import { nonce } from '../timing/nonce.ts';
import { readTick } from '../timing/tick.ts';
import { threadHealthMonitor } from '../worker/health.ts';
import { machineHere } from '../worker/machine-here.ts';
import { runAssignment } from '../worker/run-assignment.ts';
import { recorderThread } from './recorder-thread.ts';

/** What a thread is given at birth. */
export interface ThreadData {
  readonly assignment: Assignment;
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
}

const { assignment, folder, secrets } = workerData as ThreadData;
const clock = systemClock();
const tick = readTick();

await runAssignment(assignment, {
  store: fileStore(folder),
  clock,
  idle: idleQueue(clock),
  secrets: {
    async resolve(reference) {
      if (!('env' in reference))
        throw new Error('only a sweep in the cloud reads its key from there: use target.auth.env');
      const value = secrets[reference.env];
      if (value === undefined) throw new Error(`the environment variable ${reference.env} is not set`);
      return value;
    },
  },
  // The user who named the URL allows it.
  allowed: null,
  endsBy: null,
  newTarget: (url, rules) => httpTarget({ url, clock, tick, ...rules }),
  newRecorder: (place) => recorderThread({ place, store: { folder } }),
  newHealthMonitor: threadHealthMonitor,
  newNonce: nonce,
  machine: machineHere(null),
});
