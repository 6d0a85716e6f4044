import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { Fleet } from '../../lib/fleet/fleet.ts';
import type { FaultShare } from '../../lib/mock/fault-choice.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { startMockServer } from '../../lib/mock/server.ts';
import type { Assignment } from '../../lib/plan/assignment.ts';
import { laptopTempo } from '../../lib/plan/tempo.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { fileStore } from '../../lib/store/file-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { plainSteps } from '../../lib/sweep/plain-steps.ts';
import { runSweep } from '../../lib/sweep/run-sweep.ts';
import { httpTarget } from '../../lib/target/http-target.ts';
import { type Clock, systemClock } from '../../lib/timing/clock.ts';
import { idleQueue } from '../../lib/timing/idle-queue.ts';
import { nonce } from '../../lib/timing/nonce.ts';
import { readTick } from '../../lib/timing/tick.ts';
import { threadHealthMonitor } from '../../lib/worker/health.ts';
import { recorder } from '../../lib/worker/recorder.ts';
import { runAssignment } from '../../lib/worker/run-assignment.ts';
import { drawLast } from '../report/draw-last.ts';
import { namedReasons } from './named-reasons.ts';
import type { ThreadTrouble, TroubledThreadData } from './troubled-thread.ts';

export interface RealSweep {
  /** Workers run in threads that ail of this; null: in this one. */
  readonly thread: ThreadTrouble | null;
  readonly faults?: readonly FaultShare[];
}

export interface RealSweepResult extends ReturnType<typeof namedReasons> {
  /** CPU time ÷ time of a busy thread, by its own account: a loaded machine gives it less than it wants. */
  readonly cpuShares: readonly number[];
}

/** A short sweep of one level of 8 by one worker or three, in real time, over real sockets. */
export async function realSweep({ thread, faults = [] }: RealSweep): Promise<RealSweepResult> {
  const folder = await mkdtemp(join(tmpdir(), 'paretoken-validity-'));
  const clock = systemClock();
  const server = await startMockServer({ port: 0, clock, model: smallServer, seed: 1, faults });
  const store = fileStore(folder);
  const spec = parseSpec(`target: {url: "${server.url}", model: mock}
workload: {inputTokens: 20, outputTokens: 5}
load: {levels: [8]}
stage: {warmUp: 1s, measure: 1s, drain: 2s}
fleet: {streamsPerWorker: ${thread === 'dies' ? 3 : 8}}`);
  const cpuShares: number[] = [];
  const fleet = fleetOf(
    thread === null ? workHere(store, clock) : workInThread({ folder, trouble: thread, cpuShares }),
  );
  await runSweep(
    {
      sweepId: 'real',
      spec,
      startedAtEpochMs: clock.nowEpochMs(),
      tempo: { ...laptopTempo, leadMs: 1500 },
      limits: null,
      version: '0.0.0',
      owner: 'test',
      execution: null,
    },
    {
      steps: plainSteps({
        clock,
        stop: new AbortController().signal,
        aggregator: storeAggregator({ store, nowEpochMs: clock.nowEpochMs, draw: drawLast }),
      }),
      fleet,
      store,
      clock,
      observe: () => undefined,
    },
  );
  await server.close();
  const texts = new Map<string, string>();
  for (const key of await store.list('reports/')) texts.set(key, await readFile(join(folder, key), 'utf8'));
  await rm(folder, { recursive: true, force: true });
  return { ...namedReasons((key) => texts.get(key) ?? '', 'real'), cpuShares };
}

/** Settles when the worker is gone, however it went. */
type Work = (assignment: Assignment) => Promise<unknown>;

function fleetOf(work: Work): Fleet {
  const gone = new Map<number, number[]>();
  return {
    capacity: async () => 3,
    async launch(assignments) {
      return assignments.map((assignment) => {
        const { stage, worker } = assignment;
        void work(assignment).finally(() => gone.set(stage.stage, [...(gone.get(stage.stage) ?? []), worker]));
        return { worker, accepted: true, reason: null };
      });
    },
    gone: (stage) => gone.get(stage) ?? [],
  };
}

interface TroubledThreads {
  readonly folder: string;
  readonly trouble: ThreadTrouble;
  readonly cpuShares: number[];
}

function workInThread({ folder, trouble, cpuShares }: TroubledThreads): Work {
  return (assignment) =>
    new Promise((resolve) => {
      const workerData: TroubledThreadData = { assignment, folder, secrets: {}, trouble };
      const thread = new Worker(new URL('./troubled-thread.ts', import.meta.url), { workerData });
      thread.on('message', (share: number) => cpuShares.push(share));
      thread.on('error', () => undefined);
      thread.on('exit', resolve);
    });
}

function workHere(store: Store, clock: Clock): Work {
  const tick = readTick();
  return (assignment) =>
    runAssignment(assignment, {
      store,
      clock,
      idle: idleQueue(clock),
      secrets: { resolve: async () => '' },
      allowed: null,
      endsBy: null,
      newTarget: (url, rules) => httpTarget({ url, clock, tick, ...rules }),
      newRecorder: (place) => recorder({ ...place, store, encode: encodeRecords }),
      newHealthMonitor: threadHealthMonitor,
      newNonce: nonce,
      machine: { node: process.version, platform: process.platform, cpus: availableParallelism() },
    });
}
