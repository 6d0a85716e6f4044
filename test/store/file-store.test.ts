import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileStore } from '../../lib/store/file-store.ts';
import { storeContract, versionedStoreContract } from './contract.ts';
import { memoryStore } from './memory-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'paretoken-store-'));
after(() => rm(folder, { recursive: true, force: true }));

let folders = 0;
storeContract('files', () => fileStore(join(folder, `contract-${folders++}`)));
storeContract('memory', memoryStore);
versionedStoreContract('memory', memoryStore);

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
