import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Store, VersionedStore } from '../../lib/store/store.ts';

/** What every store keeps; `prefix` begins each key, so that tests can share a real bucket. */
export function storeContract(name: string, newStore: () => Store, prefix = ''): void {
  const at = (key: string) => `${prefix}${key}`;
  const textOf = async (store: Store, key: string) => new TextDecoder().decode((await store.get(at(key))) ?? undefined);

  describe(`the contract of a store, kept by ${name}`, () => {
    test('what was put is got back, byte for byte: every byte, no byte, and what is no UTF-8', async () => {
      const store = newStore();
      const contents: readonly Uint8Array[] = [
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
        new Uint8Array(0),
        Uint8Array.of(0xff, 0xfe, 0x0d, 0x0a, 0x0d, 0x0a, 0xed, 0xa0, 0x80),
      ];
      for (const bytes of contents) {
        assert.equal(await store.put(at('a/b/c.bin'), bytes), 'stored');
        assert.deepEqual(Uint8Array.from((await store.get(at('a/b/c.bin'))) ?? []), bytes);
      }
    });
    test('a text is stored as UTF-8', async () => {
      const store = newStore();
      await store.put(at('text.json'), '{"π": "日本 🎈"}');
      assert.equal(await textOf(store, 'text.json'), '{"π": "日本 🎈"}');
    });
    test('a part of records of 8 MiB comes back whole', async () => {
      const store = newStore();
      const part = largePart();
      await store.put(at('records/large.parquet'), part);
      const got = (await store.get(at('records/large.parquet'))) ?? Uint8Array.of();
      assert.equal(got.length, part.length);
      assert.equal(sha256(got), sha256(part));
    });
    test('a key that is not there is null, also where longer keys begin with it', async () => {
      const store = newStore();
      await store.put(at('there/file'), '');
      assert.equal(await store.get(at('nothing')), null);
      assert.equal(await store.get(at('there/fil')), null);
    });
    test('a put replaces, unless it is told to find nothing', async () => {
      const store = newStore();
      await store.put(at('replace'), 'one');
      await store.put(at('replace'), 'two');
      assert.equal(await store.put(at('replace'), 'three', { ifAbsent: true }), 'exists');
      assert.equal(await textOf(store, 'replace'), 'two');
    });
    test('of many puts that want to be first exactly one is, and its bytes stay', async () => {
      const store = newStore();
      const racers = Array.from({ length: 20 }, (_, index) => String(index));
      const results = await Promise.all(racers.map((racer) => store.put(at('race'), racer, { ifAbsent: true })));
      const winners = racers.filter((_, index) => results[index] === 'stored');
      assert.deepEqual(winners, [await textOf(store, 'race')]);
      assert.ok(results.every((result, index) => result === (racers[index] === winners[0] ? 'stored' : 'exists')));
    });
    test('a list holds the keys under a prefix in order, whether or not it ends at a folder', async () => {
      const store = newStore();
      for (const key of ['l/x=2/b', 'l/x=1/a', 'l/y']) await store.put(at(key), '');
      assert.deepEqual(await store.list(at('l/')), ['l/x=1/a', 'l/x=2/b', 'l/y'].map(at));
      assert.deepEqual(await store.list(at('l/x=2')), [at('l/x=2/b')]);
      assert.deepEqual(await store.list(at('none/')), []);
    });
    test('a list goes on past the thousand keys of a page', { timeout: 60_000 }, async () => {
      const store = newStore();
      const keys = Array.from({ length: 1203 }, (_, index) => at(`many/w${String(index).padStart(4, '0')}.json`));
      await inGroups(keys, 40, (key) => store.put(key, '{}'));
      assert.deepEqual(await store.list(at('many/')), keys);
    });
    test('the folders right under a prefix, in order: not the files beside them, nor what lies deeper', async () => {
      const store = newStore();
      for (const key of ['f/b=2/deep/er', 'f/b=2/file', 'f/a b&c/x', 'f/日本/x', 'f/file', 'fb/other/x'])
        await store.put(at(key), '');
      assert.deepEqual(await store.listFolders(at('f/')), ['a b&c', 'b=2', '日本']);
      assert.deepEqual(await store.listFolders(at('f/b=2/')), ['deep']);
      assert.deepEqual(await store.listFolders(at('none/')), []);
    });
    test('a list of folders goes on past the thousand of a page', { timeout: 60_000 }, async () => {
      const store = newStore();
      const names = Array.from({ length: 1203 }, (_, index) => `s${String(index).padStart(4, '0')}`);
      await inGroups(names, 40, (name) => store.put(at(`folders/${name}/status.json`), '{}'));
      assert.deepEqual(await store.listFolders(at('folders/')), names);
    });
    test('keys hold signs that URLs and XML treat specially, and letters of every script', async () => {
      const store = newStore();
      const names = ["a b+c%20=é&~!*'().json", 'sweep=2026-01-01T00:00Z', '<&">', '日本/🎈', 'été', 'Ω,;@$'];
      const keys = names.map((name) => at(`odd/${name}`));
      for (const key of keys) await store.put(key, key);
      for (const key of keys) assert.equal(new TextDecoder().decode((await store.get(key)) ?? undefined), key);
      assert.deepEqual(await store.list(at('odd/')), keys.toSorted());
      assert.deepEqual(await store.list(at('odd/日')), [at('odd/日本/🎈')]);
    });
  });
}

/** What a store keeps beside that if it can compare and swap. */
export function versionedStoreContract(name: string, newStore: () => VersionedStore, prefix = ''): void {
  const at = (key: string) => `${prefix}${key}`;

  describe(`compare-and-swap, kept by ${name}`, () => {
    test('what was read is replaced; what was read before that no longer is', async () => {
      const store = newStore();
      assert.equal(await store.getVersion(at('lock')), null);
      assert.equal(await store.putIf(at('lock'), 'first', null), 'stored');
      const read = await store.getVersion(at('lock'));
      assert.equal(new TextDecoder().decode(read?.bytes), 'first');
      assert.equal(await store.putIf(at('lock'), 'second', read?.version ?? ''), 'stored');
      assert.equal(await store.putIf(at('lock'), 'third', read?.version ?? ''), 'changed');
      assert.equal(new TextDecoder().decode((await store.get(at('lock'))) ?? undefined), 'second');
    });
    test('who expects nothing finds something: changed', async () => {
      const store = newStore();
      await store.put(at('taken'), 'mine');
      assert.equal(await store.putIf(at('taken'), 'yours', null), 'changed');
    });
    test('who expects a version of a key that is not there: changed', async () => {
      const store = newStore();
      await store.put(at('other'), 'mine');
      const { version = '' } = (await store.getVersion(at('other'))) ?? {};
      assert.equal(await store.putIf(at('gone'), 'yours', version), 'changed');
      assert.equal(await store.get(at('gone')), null);
    });
    test('of many who replace the same version exactly one does', async () => {
      const store = newStore();
      await store.put(at('swap'), 'old');
      const { version = '' } = (await store.getVersion(at('swap'))) ?? {};
      const racers = Array.from({ length: 20 }, (_, index) => `new ${index}`);
      const results = await Promise.all(racers.map((racer) => store.putIf(at('swap'), racer, version)));
      const winners = racers.filter((_, index) => results[index] === 'stored');
      assert.deepEqual(winners, [new TextDecoder().decode((await store.get(at('swap'))) ?? undefined)]);
    });
  });
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** 8 MiB that no compression makes smaller: the high bits of a linear congruence. */
function largePart(): Uint8Array {
  const part = new Uint8Array(8 * 1024 * 1024);
  let state = 1;
  for (let index = 0; index < part.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    part[index] = state >>> 24;
  }
  return part;
}

async function inGroups<T>(items: readonly T[], size: number, work: (item: T) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < items.length; first += size) {
    await Promise.all(items.slice(first, first + size).map(work));
  }
}
