import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { RecorderThreadData } from '../../lib/fleet/recorder-entry.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { fileStore } from '../../lib/store/file-store.ts';
import { recordsPrefix } from '../../lib/store/key-layout.ts';
import { recorder } from '../../lib/worker/recorder.ts';
import { threadRecorder } from '../../lib/worker/thread-recorder.ts';
import { inEmptyFolder } from '../cli/command-line.ts';
import { request } from '../record/request.ts';
import { memoryStore } from '../store/memory-store.ts';

const place = { sweepId: 'test', stage: 1, worker: 0 };
const encode = (records: readonly RequestRecord[]) => new Uint8Array(records.length);

function filled(rows: number, store = memoryStore(), record: Partial<RequestRecord> = {}) {
  const one = recorder({ ...place, store, encode });
  for (let i = 0; i < rows; i++) one.add({ ...request({}), ...record });
  return one;
}

describe('a recorder', () => {
  test('stores parts of at most 2,000 requests as they come, and the rest at the end', async () => {
    const store = memoryStore();
    assert.deepEqual(await filled(4500, store).close(), { parts: 3, rows: 4500, lost: 0, failure: null });
    const sizes = await Promise.all(
      (await store.list(recordsPrefix('test', 1))).map(async (key) => (await store.get(key))?.length),
    );
    assert.deepEqual(sizes, [2000, 2000, 500]);
  });

  test('stores a part early when long answers make it large', async () => {
    const recorded = await filled(100, memoryStore(), { tokenGapsUs: new Array(100_000).fill(1) }).close();
    assert.ok(recorded.parts >= 8, `${recorded.parts} parts`);
    assert.equal(recorded.rows, 100);
  });

  test('without a request stores nothing', async () => {
    const store = memoryStore();
    assert.deepEqual(await filled(0, store).close(), { parts: 0, rows: 0, lost: 0, failure: null });
    assert.deepEqual(store.keys(), []);
  });

  test('keeps what a failing store refuses, and stores it once the store is well', async () => {
    const store = memoryStore();
    store.failWith((verb) => (verb === 'put' ? 'EIO' : null));
    const one = filled(2100, store);
    await one.flush();
    store.failWith(() => null);
    assert.deepEqual(await one.close(), { parts: 2, rows: 2100, lost: 0, failure: null });
  });

  test('counts as lost what the store never took, with its words', async () => {
    const store = memoryStore();
    store.failWith((verb) => (verb === 'put' ? 'ENOSPC' : null));
    const recorded = await filled(30, store).close();
    assert.deepEqual([recorded.rows, recorded.lost], [0, 30]);
    assert.match(recorded.failure ?? '', /ENOSPC/);
  });

  test('bounds what it keeps for a failing store: about 128 MiB, the rest is lost by count', async () => {
    const store = memoryStore();
    store.failWith((verb) => (verb === 'put' ? 'EIO' : null));
    const one = filled(400, store, { tokenGapsUs: new Array(100_000).fill(1) });
    await one.flush();
    store.failWith(() => null);
    const { rows, lost } = await one.close();
    assert.equal(rows + lost, 400);
    assert.ok(rows > 100 && rows < 180, `${rows} kept`);
  });
});

describe('a recorder in a thread of its own', () => {
  const entry = join(import.meta.dirname, '..', '..', 'lib', 'fleet', 'recorder-entry.ts');

  test('stores the same as one in process', () =>
    inEmptyFolder(async (folder) => {
      const data: RecorderThreadData = { place, store: { folder } };
      const one = threadRecorder(new Worker(entry, { workerData: data }));
      for (let i = 0; i < 10; i++) one.add(request({}));
      await one.flush();
      one.add(request({}));
      assert.deepEqual(await one.close(), { parts: 2, rows: 11, lost: 0, failure: null });
      assert.equal((await fileStore(folder).list(recordsPrefix('test', 1))).length, 2);
    }));

  test('that dies leaves a count of what is lost, and nobody waits for it', async () => {
    const thread = new Worker('setTimeout(() => { throw new Error("out of luck"); }, 50)', { eval: true });
    const one = threadRecorder(thread);
    one.add(request({}));
    const recorded = await one.close();
    assert.equal(recorded.lost, 1);
    assert.match(recorded.failure ?? '', /out of luck/);
  });
});
