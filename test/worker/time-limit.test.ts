import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { receiptKey } from '../../lib/store/key-layout.ts';
import { type Run, runVirtually } from './run-virtually.ts';

interface LimitedRun extends Run {
  /** From the worker's birth to the platform's end. */
  readonly limitMs: number;
  /** Puts under these keys never come back. */
  readonly hang?: string;
}

/** A run whose platform ends it, and how long before that its receipt was there. */
async function runLimited({ limitMs, hang, ...run }: LimitedRun) {
  let aheadMs: number | null = null;
  let abandoned = 0;
  const result = await runVirtually({
    ...run,
    prepare({ clock, store, ports }) {
      const endsBy = clock.nowEpochMs() + limitMs;
      Object.assign(ports, { endsBy });
      const { newRecorder } = ports;
      const newMortal: typeof newRecorder = (place) => {
        const inner = newRecorder(place);
        return { ...inner, abandon: () => inner.abandon().then(() => void abandoned++) };
      };
      Object.assign(ports, { newRecorder: newMortal });
      const { put } = store;
      Object.assign(store, {
        put(...[key, bytes, condition]: Parameters<typeof put>) {
          if (key === receiptKey('test', run.design?.stage ?? 1, 0)) aheadMs = endsBy - clock.nowEpochMs();
          if (hang !== undefined && key.startsWith(hang)) return new Promise(() => undefined);
          return put(key, bytes, condition);
        },
      });
    },
  });
  return { ...result, abandoned, aheadMs: aheadMs ?? Number.NaN };
}

const long: Run = { design: { windowMs: 60_000 }, leadMs: 500 };

describe("the platform's time limit", () => {
  test('within the stage: sending ends 15 s before it, what was sent is stored, the receipt is there 10 s before', async () => {
    const { end, receipt, records, aheadMs } = await runLimited({ ...long, limitMs: 30_000 });
    assert.equal(end, 'stopped');
    assert.equal(receipt.state, 'stopped');
    assert.match(receipt.failure ?? '', /time limit for a worker was near: sending ended 15 s before it/);
    const stopUs = (30_000 - 15_000 - 500) * 1000;
    assert.ok(records.length > 10);
    assert.ok(records.every(({ sentUs, settledUs }) => (sentUs ?? 0) < stopUs && (settledUs ?? 0) <= stopUs + 1000));
    assert.equal(records.filter(({ outcome }) => outcome === 'cancelled').length, 2);
    assert.deepEqual(receipt.records, { parts: 1, rows: records.length, lost: 0 });
    assert.ok(aheadMs >= 10_000, `${aheadMs} ms before the end`);
  });

  test('a store that takes no records: the receipt is there 10 s before all the same, and counts them as lost', async () => {
    const { receipt, aheadMs, abandoned } = await runLimited({ ...long, limitMs: 30_000, hang: 'records/' });
    assert.equal(receipt.state, 'stopped');
    assert.equal(receipt.records.lost, receipt.requests);
    assert.match(receipt.failure ?? '', /sending ended .*; records could not be stored before/);
    assert.equal(aheadMs, 10_000);
    assert.equal(abandoned, 1, 'nothing still tries to store once the worker is over');
  });

  test('far away: it changes nothing', async () => {
    const { end, receipt, tookMs, abandoned } = await runLimited({ limitMs: 900_000 });
    assert.deepEqual([end, receipt.failure, abandoned], ['done', null, 0]);
    assert.ok(tookMs < 10_000, `nobody waits for it: ${tookMs} ms`);
  });

  test('nearer than the start: nothing is sent', async () => {
    const { end, receipt, journal } = await runLimited({ ...long, leadMs: 20_000, limitMs: 30_000 });
    assert.equal(end, 'stopped');
    assert.equal(journal.length, 0);
    assert.match(receipt.failure ?? '', /time limit/);
  });

  test('in a probe whose endpoint is silent: the request is cancelled and the finding says so', async () => {
    const { end, receipt, aheadMs } = await runLimited({
      design: { kind: 'probe', stage: 0, level: 1 },
      rest: { deadlines: { connectMs: 1000, firstTokenMs: 300_000, idleMs: 300_000, totalMs: 300_000 } },
      faults: [{ kind: 'hang_before_headers', share: 1 }],
      limitMs: 30_000,
    });
    assert.equal(end, 'stopped');
    assert.equal(receipt.probe?.failure?.outcome, 'cancelled');
    assert.match(receipt.failure ?? '', /time limit/);
    assert.ok(aheadMs >= 10_000);
  });
});
