import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { packageVersion } from '../../../lib/cli/package.ts';
import { findUnfinished } from '../../../lib/cli/resume/find-unfinished.ts';
import { becomeRunner, type Runner } from '../../../lib/cli/resume/runner.ts';
import type { Ended } from '../../../lib/plan/ended.ts';
import { journalKey, planKey, runnerKey, statusKey } from '../../../lib/store/key-layout.ts';
import type { Status } from '../../../lib/sweep/status.ts';
import { samplePlan } from '../../plan/sample-plan.ts';
import { type MemoryStore, memoryStore } from '../../store/memory-store.ts';

type Left = Partial<Pick<Status, 'state' | 'ended' | 'execution' | 'startedAtEpochMs'>> & {
  readonly version?: string;
  readonly without?: 'plan' | 'journal';
  readonly concluded?: boolean;
};

const ended = (reason: Ended['reason']): Left => ({ state: 'ended', ended: { reason, detail: null } });

async function leave(store: MemoryStore, sweepId: string, left: Left): Promise<void> {
  const { version = packageVersion(), without, concluded = false, ...rest } = left;
  const status = { schema: 'paretoken.status.v1', sweepId, state: 'running', ended: null, execution: null };
  await store.put(statusKey(sweepId), JSON.stringify({ ...status, startedAtEpochMs: 1, ...rest }));
  if (without !== 'plan') await store.put(planKey(sweepId), JSON.stringify({ ...samplePlan(), sweepId, version }));
  const last = concluded ? '{"name":"conclude","value":{}}' : '{"name":"close"}';
  if (without !== 'journal') await store.put(journalKey(sweepId), `{"name":"open"}\n${last}\n`);
}

async function found(sweeps: Readonly<Record<string, Left>>, id: string | null = null): Promise<string> {
  const store = memoryStore();
  for (const [sweepId, left] of Object.entries(sweeps)) await leave(store, sweepId, left);
  return (await findUnfinished({ store, folder: 'results' }, id)).plan.sweepId;
}

describe('what is resumed', () => {
  for (const [why, left] of [
    ['was cut off', {}],
    ['was stopped', { ...ended('stopped'), concluded: true }],
    ['failed by a fault of its machine', { ...ended('failed'), concluded: true }],
    ['is done but for its last report', ended('done')],
  ] as const) {
    test(`a sweep that ${why}`, async () => assert.equal(await found({ a: left }), 'a'));
  }

  test('of several the newest that is unfinished, unless an id is given', async () => {
    const done = { ...ended('done'), concluded: true };
    const sweeps = {
      old: { startedAtEpochMs: 1 },
      newer: { startedAtEpochMs: 2 },
      done: { ...done, startedAtEpochMs: 3 },
    };
    assert.equal(await found(sweeps), 'newer');
    assert.equal(await found(sweeps, 'old'), 'old');
  });
});

describe('what is refused, with the reason and what to do', () => {
  const done: Left = { ...ended('done'), concluded: true };
  const cases: readonly { why: string; sweeps: Readonly<Record<string, Left>>; id?: string; says: RegExp }[] = [
    { why: 'an empty folder', sweeps: {}, says: /there is no sweep in results: name the folder/ },
    { why: 'only sweeps that have ended', sweeps: { a: done }, says: /nothing is left to resume in results/ },
    { why: 'a sweep that has ended', sweeps: { a: done }, id: 'a', says: /a: it has ended \(done\).*paretoken report/ },
    {
      why: 'an unknown id',
      sweeps: { a: {}, b: {} },
      id: 'c',
      says: /there is no sweep c in results; there are: a, b/,
    },
    { why: 'a sweep of the cloud', sweeps: { a: { execution: 'arn' } }, says: /nothing is left to resume/ },
    { why: 'one that was refused', sweeps: { a: { state: 'refused' } }, id: 'a', says: /a: it was refused/ },
    {
      why: 'one without a journal',
      sweeps: { a: { without: 'journal' } },
      says: /no journal of the sweep a.*run it again/,
    },
    {
      why: 'one that had not begun',
      sweeps: { a: { without: 'plan' } },
      says: /no plan of the sweep a.*run it again/,
    },
    {
      why: 'another version’s',
      sweeps: { a: { version: '99.0.0' } },
      says: /begun by paretoken 99\.0\.0, and this is .*Resume it with that version/,
    },
  ];
  for (const { why, sweeps, id, says } of cases) {
    test(why, () => assert.rejects(found(sweeps, id ?? null), { name: 'RefusedError', message: says }));
  }

  test('one that still runs, by its process', async () => {
    const store = memoryStore();
    await leave(store, 'a', {});
    await becomeRunner(store, 'a', 1);
    const message = new RegExp(`a is still running, as process ${process.pid}: wait for it, or stop it`);
    await assert.rejects(findUnfinished({ store, folder: 'results' }, null), { name: 'RefusedError', message });
  });

  test('one that may still run on another machine, with what to delete if it does not', async () => {
    const store = memoryStore();
    await leave(store, 'a', {});
    await becomeRunner(store, 'a', 1);
    const own = store.json<Runner>(runnerKey('a', 1));
    await store.put(runnerKey('a', 1), JSON.stringify({ ...own, host: 'elsewhere', born: 'once' }));
    const message = /may still be running on elsewhere.*delete results\/sweeps\/a\/runners\/0001\.json/;
    await assert.rejects(findUnfinished({ store, folder: 'results' }, null), { name: 'RefusedError', message });
  });
});
