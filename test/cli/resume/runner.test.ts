import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { becomeRunner, lastRunner, type Runner } from '../../../lib/cli/resume/runner.ts';
import { fileStore } from '../../../lib/store/file-store.ts';
import { runnerKey } from '../../../lib/store/key-layout.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { inEmptyFolder } from '../command-line.ts';

async function stateOf(change: (own: Runner) => Partial<Runner>): Promise<string | undefined> {
  const store = memoryStore();
  await becomeRunner(store, 'a', 1);
  const own = store.json<Runner>(runnerKey('a', 1));
  await store.put(runnerKey('a', 1), JSON.stringify({ ...own, ...change(own) }));
  return (await lastRunner(store, 'a'))?.state;
}

/** A process that has ended, and that its parent has taken note of. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('the process that runs a sweep', () => {
  test('runs while it does', async () => {
    assert.equal(await stateOf(() => ({})), 'running');
  });
  test('is gone once it has ended', async () => {
    const pid = await endedProcess();
    assert.equal(await stateOf(() => ({ pid })), 'gone');
  });
  test('is gone when its number is another process’s now', async () => {
    assert.equal(await stateOf(() => ({ born: 'long before' })), 'gone');
  });
  test('of a system that tells no births runs as long as its number is taken', async () => {
    assert.equal(await stateOf(() => ({ born: null })), 'running');
  });
  test('of another machine can’t be judged', async () => {
    const pid = await endedProcess();
    assert.equal(await stateOf(() => ({ pid, host: `not-${hostname()}` })), 'elsewhere');
  });
  test('is one, of many that want to be it at once; the next life is another’s', () =>
    inEmptyFolder(async (folder) => {
      const store = fileStore(folder);
      const became = await Promise.all(Array.from({ length: 10 }, () => becomeRunner(store, 'a', 1)));
      assert.equal(became.filter(Boolean).length, 1);
      assert.equal(await becomeRunner(store, 'a', 2), true);
      assert.equal((await lastRunner(store, 'a'))?.life, 2);
    }));
  test('is none of a sweep that nobody has run from here', async () => {
    assert.equal(await lastRunner(memoryStore(), 'a'), null);
  });
});
