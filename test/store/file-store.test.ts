import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { readdir, rm, symlink, writeFile } from 'node:fs/promises';
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
  test('a link that leads nowhere is an error that says so, not a folder made elsewhere', async () => {
    await symlink(join(folder, 'gone', 'away'), join(folder, 'link'));
    await assert.rejects(fileStore(join(folder, 'link')).put('a/b', ''), {
      name: 'StoreError',
      message: /link.*none can be made, as where a link leads nowhere: name another with --out/,
    });
  });
  test('where a folder is there and yet nothing can be made in it, it ends with an error', {
    skip: process.platform === 'linux' ? false : 'only Linux has such a folder',
  }, async () => {
    await assert.rejects(fileStore('/proc/paretoken').put('a/b', ''), {
      name: 'StoreError',
      message: /can't write \/proc\/paretoken\/a\/b: its folder is not there and none can be made/,
    });
  });
  test('folders that several puts need at once are made once', async () => {
    const store = fileStore(join(folder, 'deep', 'deeper'));
    await Promise.all(['1', '2', '3', '4'].map((name) => store.put(`a/b/c/${name}`, name)));
    assert.deepEqual(await store.list('a/'), ['a/b/c/1', 'a/b/c/2', 'a/b/c/3', 'a/b/c/4']);
  });
  test('a key that leads out of the folder is refused', async () => {
    await assert.rejects(fileStore(join(folder, 'in')).put('../out', ''), { name: 'StoreError', code: 'EKEY' });
  });
});
