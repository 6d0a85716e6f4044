import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { planKey, receiptKey, recordsKey, stageKey } from '../../lib/store/key-layout.ts';
import { receiptsOf, sample } from '../curve/sample-stage.ts';
import { samplePlan } from '../plan/sample-plan.ts';
import { memoryStore } from '../store/memory-store.ts';

// Time and memory to reduce one large stage. Run by hand: node --expose-gc test/bench/aggregate.ts [requests]
const requests = Number(process.argv[2] ?? 1_000_000);
const rowsPerPart = 2000;
const workers = Math.ceil(requests / 20_000);
const level = workers * 32;

const store = memoryStore();
await store.put(planKey('test'), JSON.stringify(samplePlan()));
// Each worker holds 32 streams for 300 s; the answers of one of sixteen kinds of worker, so that making them takes no longer.
const design = { stage: 1, level: 32, windowMs: 300_000 } as const;
const kinds = Array.from({ length: 16 }, (_, kind) =>
  sample({ seed: `${kind}`, design, latencyMs: 400, tokens: 40 }).records.slice(0, 20_000),
);
const files = kinds.map((records) =>
  Array.from({ length: Math.ceil(records.length / rowsPerPart) }, (_, part) =>
    encodeRecords(records.slice(part * rowsPerPart, (part + 1) * rowsPerPart)),
  ),
);
const { stage } = sample({ design: { ...design, windowMs: 1000 } });
await store.put(stageKey('test', 1), JSON.stringify({ ...stage, windowMs: 300_000, level, workers }));
for (const receipt of receiptsOf({ ...stage, level, workers }, [])) {
  const parts = files[receipt.worker % files.length] ?? [];
  for (const [part, bytes] of parts.entries()) await store.put(recordsKey('test', 1, receipt.worker, part), bytes);
  await store.put(
    receiptKey('test', 1, receipt.worker),
    JSON.stringify({ ...receipt, records: { ...receipt.records, parts: parts.length } }),
  );
}
kinds.length = 0;
globalThis.gc?.();
const before = process.memoryUsage().rss;
const startedMs = performance.now();
const verdict = await storeAggregator({ store, nowEpochMs: () => 0 }).aggregate('test', 1);
const seconds = (performance.now() - startedMs) / 1000;
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(
  `${verdict.requests} requests of ${workers} workers in ${seconds.toFixed(1)} s; ${(before / 2 ** 20).toFixed(0)} MiB before, at most ${peakMiB.toFixed(0)} MiB\n`,
);
