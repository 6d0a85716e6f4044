import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Assignment } from '../plan/assignment.ts';
import type { Fleet, LaunchResult } from './fleet.ts';
import type { ThreadData } from './thread-entry.ts';

export interface ThreadFleetOptions {
  /** The results folder. */
  readonly folder: string;
  /** Keys by the name of their environment variable; handed to threads directly, never through the store. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface ThreadFleet extends Fleet {
  /** Ends all threads that still run. */
  close(): Promise<void>;
}

/** One thread a worker, and one core left for the rest of the sweep. */
export function threadFleet({ folder, secrets }: ThreadFleetOptions): ThreadFleet {
  const running = new Set<Worker>();
  const gone = new Map<number, Set<number>>();

  const launchOne = (assignment: Assignment): LaunchResult => {
    const data: ThreadData = { assignment, folder, secrets };
    const entry = new URL(`./thread-entry${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(entry, { workerData: data, name: `worker ${assignment.worker}` });
    running.add(thread);
    // What a thread died of shows in its missing receipt; an unheard error would take the whole sweep down.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      running.delete(thread);
      const { stage } = assignment.stage;
      gone.set(stage, (gone.get(stage) ?? new Set()).add(assignment.worker));
    });
    return { worker: assignment.worker, accepted: true, reason: null };
  };

  return {
    capacity: async () => Math.max(1, availableParallelism() - 1),
    launch: async (assignments) => assignments.map(launchOne),
    gone: (stage) => [...(gone.get(stage) ?? [])],
    async close() {
      await Promise.all([...running].map((thread) => thread.terminate()));
    },
  };
}
