import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileStore } from '../../lib/store/file-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { memoryStore } from './memory-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'paretoken-store-'));
after(() => rm(folder, { recursive: true, force: true }));

const stores: readonly (readonly [string, () => Store])[] = [
  ['files', () => fileStore(join(folder, 'contract'))],
  ['memory', memoryStore],
];

for (const [name, newStore] of stores) {
  describe(`the contract of a store, kept by ${name}`, () => {
    const store = newStore();
    test('what was put is got back, byte for byte', async () => {
      assert.equal(await store.put('a/b/c.bin', Uint8Array.of(0, 255, 10)), 'stored');
      assert.deepEqual(Uint8Array.from((await store.get('a/b/c.bin')) ?? []), Uint8Array.of(0, 255, 10));
    });
    test('a key that is not there is null', async () => {
      assert.equal(await store.get('a/nothing'), null);
    });
    test('a put replaces, unless it is told to find nothing', async () => {
      await store.put('replace', 'one');
      await store.put('replace', 'two');
      assert.equal(await store.put('replace', 'three', { ifAbsent: true }), 'exists');
      assert.equal(new TextDecoder().decode((await store.get('replace')) ?? undefined), 'two');
    });
    test('of many puts that want to be first exactly one is', async () => {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.put('race', String(i), { ifAbsent: true })),
      );
      assert.equal(results.filter((result) => result === 'stored').length, 1);
    });
    test('a list holds the keys under a prefix in order, whether or not it ends at a folder', async () => {
      for (const key of ['l/x=2/b', 'l/x=1/a', 'l/y']) await store.put(key, '');
      assert.deepEqual(await store.list('l/'), ['l/x=1/a', 'l/x=2/b', 'l/y']);
      assert.deepEqual(await store.list('l/x=2'), ['l/x=2/b']);
      assert.deepEqual(await store.list('none/'), []);
    });
  });
}

describe('a store in a folder', () => {
  test('leaves nothing unfinished behind, neither after a put nor after one that came second', async () => {
    const store = fileStore(join(folder, 'clean'));
    await store.put('k', '1', { ifAbsent: true });
    await store.put('k', '2', { ifAbsent: true });
    await store.put('k', '3');
    assert.deepEqual(await readdir(join(folder, 'clean')), ['k']);
  });
  test('a file where a folder should be is an error that names the path and says why', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(fileStore(join(folder, 'file')).put('a', ''), {
      name: 'StoreError',
      message: /file.*(a part of the path is a file|EEXIST)/,
    });
  });
  test('a key that leads out of the folder is refused', async () => {
    await assert.rejects(fileStore(join(folder, 'in')).put('../out', ''), { name: 'StoreError', code: 'EKEY' });
  });
});
