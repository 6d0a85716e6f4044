import type { FaultShare } from '../../lib/mock/fault-choice.ts';
import type { JournalEntry } from '../../lib/mock/journal.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import type { Receipt } from '../../lib/record/receipt.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { controlKey, receiptKey } from '../../lib/store/key-layout.ts';
import { type AssignmentEnd, runAssignment } from '../../lib/worker/run-assignment.ts';
import { type SampleOptions, sampleAssignment } from '../plan/sample-assignment.ts';
import { type MemoryStore, memoryStore } from '../store/memory-store.ts';
import { type VirtualClock, virtualClock } from '../timing/virtual-clock.ts';
import { type VirtualPorts, virtualPorts } from './virtual-ports.ts';

/** A mock without jitter: 115 ms to the first token of 100, then 10 ms a token. */
export const steadyServer: QueueModel = {
  ...smallServer,
  prefillBaseMs: 15,
  prefillPerTokenMs: 1,
  stepBaseMs: 10,
  stepPerSlotMs: 0,
  jitter: 0,
};

export interface Run extends Omit<SampleOptions, 'startsAtEpochMs'> {
  readonly model?: QueueModel;
  readonly faults?: readonly FaultShare[];
  readonly apiKey?: string;
  readonly seed?: number;
  /** Tokens at which answers end by themselves. */
  readonly naturalLength?: number;
  /** From the worker's birth to the stage's start; negative: the worker comes late. */
  readonly leadMs?: number;
  prepare?(world: { readonly clock: VirtualClock; readonly store: MemoryStore; readonly ports: VirtualPorts }): void;
}

export interface RunResult {
  readonly end: AssignmentEnd;
  readonly receipt: Receipt;
  readonly records: readonly RequestRecord[];
  readonly journal: readonly JournalEntry[];
  readonly store: MemoryStore;
  /** Milliseconds of virtual time from the worker's birth to its end. */
  readonly tookMs: number;
}

/** Runs one assignment against the mock under virtual time, and gathers all that it left. */
export async function runVirtually(run: Run = {}): Promise<RunResult> {
  const { model = steadyServer, faults = [], apiKey, naturalLength, seed = 1, leadMs = 500, prepare, ...sample } = run;
  const clock = virtualClock();
  const store = memoryStore();
  const mock = {
    model,
    seed,
    faults,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(naturalLength === undefined ? {} : { naturalLength }),
  };
  const records: RequestRecord[] = [];
  const real = virtualPorts({ clock, store, mock });
  const ports: VirtualPorts = {
    ...real,
    newRecorder(place) {
      const inner = real.newRecorder(place);
      return {
        ...inner,
        add(record) {
          records.push(record);
          inner.add(record);
        },
      };
    },
  };
  await store.put(controlKey('test'), '{"state": "run"}');
  prepare?.({ clock, store, ports });
  const startUs = clock.nowUs();
  const assignment = sampleAssignment({ ...sample, startsAtEpochMs: clock.nowEpochMs() + leadMs });
  const end = await clock.runUntilSettled(runAssignment(assignment, ports));
  const { stage, worker } = assignment;
  return {
    end,
    receipt: store.json<Receipt>(receiptKey('test', stage.stage, worker)),
    records: records.toSorted((a, b) => a.dueUs - b.dueUs),
    journal: real.endpoint.journal.entries(),
    store,
    tookMs: (clock.nowUs() - startUs) / 1000,
  };
}
