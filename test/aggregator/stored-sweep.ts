import type { Plan } from '../../lib/plan/plan.ts';
import type { Stage } from '../../lib/plan/stage.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import type { Receipt } from '../../lib/record/receipt.ts';
import { planKey, receiptKey, recordsKey, stageKey } from '../../lib/store/key-layout.ts';
import { receiptsOf, type Sample, sample, sampleStage } from '../curve/sample-stage.ts';
import { sampleFinding, samplePlan } from '../plan/sample-plan.ts';
import { type MemoryStore, memoryStore } from '../store/memory-store.ts';

export const plan: Plan = samplePlan(undefined, { startedAtEpochMs: 1_000_000, version: '1.2.3' });

/** Records per file: so few that a worker has several. */
const rowsPerPart = 60;

/** A store as a sweep leaves it: its plan, the probe, and the given stages. */
export async function storedSweep(...stages: readonly Sample[]): Promise<MemoryStore> {
  const store = memoryStore();
  await store.put(planKey('test'), JSON.stringify(plan));
  const probe = sampleStage({ stage: 0, kind: 'probe', level: 1 });
  await putStage(store, probe);
  await putReceipt(store, {
    ...receiptsOf(probe, [])[0],
    outcomes: { ok: 3 },
    requests: 3,
    probe: sampleFinding,
  } as Receipt);
  for (const stored of stages) await putSample(store, stored);
  return store;
}

/** A stage of level 4 and two workers. */
export function smallStage(stage: number, level = 4, repeat = 0): Sample {
  return sample({ seed: `stage ${stage}`, design: { stage, level, repeat, workers: 2 } });
}

async function putSample(store: MemoryStore, { stage, records, receipts }: Sample): Promise<void> {
  await putStage(store, stage);
  for (const receipt of receipts) {
    const own = records.filter(({ worker }) => worker === receipt.worker);
    const parts = Math.ceil(own.length / rowsPerPart);
    for (let part = 0; part < parts; part++) {
      const rows = own.slice(part * rowsPerPart, (part + 1) * rowsPerPart);
      await store.put(recordsKey('test', stage.stage, receipt.worker, part), encodeRecords(rows));
    }
    await putReceipt(store, { ...receipt, records: { ...receipt.records, parts } });
  }
}

async function putStage(store: MemoryStore, stage: Stage): Promise<void> {
  await store.put(stageKey('test', stage.stage), JSON.stringify(stage));
}

async function putReceipt(store: MemoryStore, receipt: Receipt): Promise<void> {
  await store.put(receiptKey('test', receipt.stage, receipt.worker), JSON.stringify(receipt));
}
