import { execFileSync } from 'node:child_process';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { planKey, receiptKey, recordsKey, stageKey } from '../../lib/store/key-layout.ts';
import { receiptsOf, sample } from '../curve/sample-stage.ts';
import { samplePlan } from '../plan/sample-plan.ts';
import { memoryStore } from '../store/memory-store.ts';

// Time and memory to reduce one stage of 100 workers, 500 tokens an answer: node test/bench/aggregate.ts [requests …]
// Each size has a process of its own, so that its peak is its own.
const workers = 100;
const streams = 32;
const rowsPerPart = 2000;

interface Measured {
  readonly requests: number;
  readonly storedMiB: number;
  readonly seconds: number;
  readonly beforeMiB: number;
  readonly peakMiB: number;
}

/** A store with the stage; the answers of a few kinds of worker stand for all, so that making them takes no longer. */
async function storedStage(requests: number) {
  const store = memoryStore();
  await store.put(planKey('test'), JSON.stringify(samplePlan()));
  const each = Math.ceil(requests / workers);
  const windowMs = Math.ceil((each / streams) * 420);
  const design = { stage: 1, level: streams, warmUpMs: 0, windowMs, rampMs: 0 } as const;
  let storedBytes = 0;
  const kinds = Array.from({ length: 4 }, (_, kind) => {
    const records = sample({ seed: `${kind}`, design, latencyMs: 400, tokens: 500 }).records.slice(0, each);
    return Array.from({ length: Math.ceil(records.length / rowsPerPart) }, (_, part) =>
      encodeRecords(records.slice(part * rowsPerPart, (part + 1) * rowsPerPart)),
    );
  });
  const whole = {
    ...sample({ design: { ...design, windowMs: 1000 } }).stage,
    windowMs,
    level: streams * workers,
    workers,
  };
  await store.put(stageKey('test', 1), JSON.stringify(whole));
  for (const receipt of receiptsOf(whole, [])) {
    const parts = kinds[receipt.worker % kinds.length] ?? [];
    for (const [part, bytes] of parts.entries()) {
      await store.put(recordsKey('test', 1, receipt.worker, part), bytes);
      storedBytes += bytes.length;
    }
    const records = { ...receipt.records, parts: parts.length };
    await store.put(receiptKey('test', 1, receipt.worker), JSON.stringify({ ...receipt, records }));
  }
  return { store, storedMiB: storedBytes / 2 ** 20 };
}

async function measure(requests: number): Promise<Measured> {
  const { store, storedMiB } = await storedStage(requests);
  globalThis.gc?.();
  const beforeMiB = process.memoryUsage().rss / 2 ** 20;
  const startedMs = performance.now();
  const highestBefore = process.resourceUsage().maxRSS;
  const verdict = await storeAggregator({ store, nowEpochMs: () => 0 }).aggregate('test', 1);
  const seconds = (performance.now() - startedMs) / 1000;
  const highest = process.resourceUsage().maxRSS;
  // Making the records may have taken more memory than reducing them.
  const peakMiB = highest > highestBefore ? highest / 1024 : process.memoryUsage().rss / 2 ** 20;
  return { requests: verdict.requests, storedMiB, seconds, beforeMiB, peakMiB };
}

const line = ({ requests, storedMiB, seconds, beforeMiB, peakMiB }: Measured, growth: string) =>
  `${String(requests).padStart(9)} requests  ${storedMiB.toFixed(0).padStart(5)} MiB stored  ${seconds.toFixed(1).padStart(6)} s  at most ${peakMiB.toFixed(0).padStart(5)} MiB, ${(peakMiB - beforeMiB).toFixed(0)} of it for reducing${growth}\n`;

const [first, ...rest] = process.argv.slice(2);
if (first === 'one') process.stdout.write(JSON.stringify(await measure(Number(rest[0]))));
else {
  const sizes = first === undefined ? [10_000, 100_000, 1_000_000] : [first, ...rest].map(Number);
  let before: Measured | null = null;
  for (const size of sizes) {
    const text = execFileSync(process.execPath, ['--expose-gc', import.meta.filename, 'one', String(size)], {
      encoding: 'utf8',
    });
    const found = JSON.parse(text) as Measured;
    const growth = before
      ? `; ${(found.requests / before.requests).toFixed(1)} times the requests, ${(found.seconds / before.seconds).toFixed(1)} times the time`
      : '';
    process.stdout.write(line(found, growth));
    before = found;
  }
}
