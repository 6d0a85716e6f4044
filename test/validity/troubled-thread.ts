import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadData } from '../../lib/fleet/thread-entry.ts';

/** What ails the threads of a level: one has other things to do, or one ends and one throws at birth. */
export type ThreadTrouble = 'busy' | 'dies';

export interface TroubledThreadData extends ThreadData {
  readonly trouble: ThreadTrouble;
}

/** How long the busy thread does nothing but count in each turn of its event loop. */
const busyMs = 60;

const { assignment, trouble } = workerData as TroubledThreadData;
const { stage, worker } = assignment;

/** In the check phase before the worker's own jobs: between the stamp of an answer's end and the next send. */
function burn(): void {
  const untilMs = performance.now() + busyMs;
  while (performance.now() < untilMs);
  setImmediate(burn).unref();
}

if (stage.kind !== 'probe' && trouble === 'dies') {
  if (worker === 1) process.exit(1);
  if (worker === 2) throw new Error('thrown at birth');
}
if (stage.kind !== 'probe' && trouble === 'busy') {
  let before = process.threadCpuUsage();
  let beforeMs = performance.now();
  const begin = () => {
    before = process.threadCpuUsage();
    beforeMs = performance.now();
    burn();
  };
  setTimeout(begin, stage.startsAtEpochMs - Date.now()).unref();
  process.once('exit', () => {
    const { user, system } = process.threadCpuUsage(before);
    parentPort?.postMessage((user + system) / 1000 / (performance.now() - beforeMs));
  });
}

await import('../../lib/fleet/thread-entry.ts');
