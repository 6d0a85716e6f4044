import type { ThreadFleet } from '../../fleet/thread-fleet.ts';
import type { JournalEntry } from '../../mock/journal.ts';
import { cellOf } from '../../plan/cell.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Stage } from '../../plan/stage.ts';
import { type ExpectedLatency, stageTimes } from '../../plan/stage-times.ts';
import { readRecords } from '../../record/read-records.ts';
import type { Receipt } from '../../record/receipt.ts';
import type { RequestRecord } from '../../record/request-record.ts';
import { getJson } from '../../store/json.ts';
import { receiptKey, recordsPrefix } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import { runStage } from '../../sweep/run-stage.ts';
import type { StageSteps } from '../../sweep/steps.ts';
import { type Clock, monotonicAt } from '../../timing/clock.ts';
import { threadHealthMonitor } from '../../worker/health.ts';
import { type Accuracy, accuracyOf } from './accuracy.ts';

/** A mock that keeps a journal, and all that a stage against it needs. */
export interface MockBench {
  /** The base of the mock's API. */
  readonly url: string;
  readonly plan: Plan;
  readonly steps: StageSteps;
  readonly store: Store;
  readonly fleet: ThreadFleet;
  readonly clock: Clock;
  readonly expected: ExpectedLatency;
}

export interface Press {
  readonly streams: number;
  /** The ordinal of the stage. */
  readonly stage: number;
  readonly windowMs: number;
  /** Told as the stage is scheduled. */
  onStage(stage: Stage): void;
}

/** Runs one stage with one worker and compares its records with the mock's journal. Null when it was stopped. */
export async function pressMock(press: Press, bench: MockBench): Promise<Accuracy | null> {
  const { streams, stage, windowMs } = press;
  const { plan, store, url } = bench;
  const idleThread = threadHealthMonitor();
  idleThread.start();
  const run = await runOne(press, bench);
  const idleThreadDelayP99Ms = idleThread.stop().eventLoopDelayMs?.p99 ?? null;
  if (run === 'stopped' || run.stopped) return null;
  const receipt = await getJson<Receipt>(store, receiptKey(plan.sweepId, stage, 0));
  if (receipt === null) throw new Error(`the worker of ${streams} streams left no receipt`);
  const { startEpochMs: epochMs, startMonotonicUs: monotonicUs } = receipt.anchors;
  return accuracyOf({
    streams,
    records: await recordsOf(store, recordsPrefix(plan.sweepId, stage)),
    journal: await journalOf(url),
    startsUs: monotonicAt({ epochMs, monotonicUs }, run.stage.startsAtEpochMs),
    windowMs,
    health: receipt.health,
    idleThreadDelayP99Ms,
  });
}

function runOne({ streams, stage, onStage }: Press, { plan, expected, ...ports }: MockBench) {
  const times = stageTimes(plan.spec, { level: streams, pass: null }, expected);
  const cell = cellOf(plan.spec.workload);
  const design = { stage, kind: 'load', level: streams, repeat: 0, cell, pass: null, ...times, workers: 1 } as const;
  const observe: Parameters<typeof runStage>[1]['observe'] = (event) => {
    if (event.kind === 'stage_started') onStage(event.stage);
  };
  return runStage({ plan, design, allowance: null, probe: null, before: null }, { ...ports, observe });
}

async function recordsOf(store: Store, prefix: string): Promise<RequestRecord[]> {
  const parts = await Promise.all((await store.list(prefix)).map((key) => store.get(key)));
  const read = await Promise.all(parts.filter((bytes) => bytes !== null).map(readRecords));
  return read.flatMap(({ records }) => records);
}

/** All that the mock has written down so far. */
async function journalOf(url: string): Promise<JournalEntry[]> {
  const response = await fetch(new URL('/journal', url));
  const lines = (await response.text()).trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalEntry);
}
