import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { AggregatorCall } from '../../lib/aggregator/aggregator.ts';
import type { Report } from '../../lib/report/report.ts';
import { jsonText } from '../../lib/store/json.ts';
import { callbackKey, controlKey, reportKey, scheduleKey, statusKey } from '../../lib/store/key-layout.ts';
import type { OpenCallback } from '../../lib/sweep/durable-steps.ts';
import { memoryStore } from '../store/memory-store.ts';
import { assertSurvives, start, statusIn, sweep } from './cloud-start.ts';
import { type VirtualStart, type VirtualStartResult, virtualStart } from './virtual-start.ts';

describe('a sweep as a durable execution', () => {
  let whole: VirtualStartResult;
  before(async () => {
    whole = await start();
  });

  it('ends with a report; every assignment is launched once', () => {
    assert.deepEqual(whole.result, {
      sweepId: 'cloud',
      state: 'ended',
      ended: { reason: 'done', detail: null },
      refusals: [],
    });
    assert.deepEqual([...whole.launches.values()], [1, 1, 1, 1]);
    assert.equal(statusIn(whole).state, 'ended');
    assert.equal(statusIn(whole).execution, 'arn:execution');
    assert.ok(whole.invocations > 5, 'waits end the invocation');
  });

  for (const phase of ['before', 'after'] as const) {
    it(`the process dies at a checkpoint, ${phase} it is stored: same result, no load sent twice`, async () => {
      for (let dies = 1; dies <= whole.checkpoints; dies += 6) await assertSurvives(whole, dies, phase);
    });
  }

  it('an aggregator that fails for a while is called again; one that fails for good ends the sweep as failed', async () => {
    let fails = 2;
    const onCall = ({ verb }: AggregatorCall) => {
      if (verb === 'aggregate' && fails-- > 0) throw new Error('out of memory');
    };
    assert.equal((await start({ onCall })).result.ended?.reason, 'done');
    fails = Number.POSITIVE_INFINITY;
    const failed = await start({ onCall });
    assert.equal(failed.status, 'FAILED');
    assert.match(failed.error ?? '', /out of memory/);
    assert.match(statusIn(failed).ended?.detail ?? '', /out of memory/);
    assert.equal(failed.store.json<Report>(reportKey('cloud', 'report.json')).ended?.reason, 'failed');
  });
});

describe('a stop', () => {
  const stopped = (how: 'control' | 'callback') =>
    start({
      observe(event, { store, wakeable }) {
        if (event.kind !== 'stage_started' || event.stage.level !== 4) return;
        if (how === 'control') void store.put(controlKey('cloud'), jsonText({ state: 'stop' }));
        else wakeWhenOpen(store, wakeable);
      },
    });
  const wakeWhenOpen = (store: VirtualStartResult['store'], wakeable: { wake(id: string): void }) => {
    const before = store.keys().includes(callbackKey('cloud')) ? store.text(callbackKey('cloud')) : '';
    const look = setInterval(() => {
      const now = store.text(callbackKey('cloud'));
      if (now === before) return;
      clearInterval(look);
      wakeable.wake((JSON.parse(now) as OpenCallback).callbackId);
    }, 1).unref();
  };
  for (const how of ['control', 'callback'] as const) {
    it(`by ${how} in mid-stage: the sweep ends as stopped, with a report that says so`, async () => {
      const run = await stopped(how);
      assert.deepEqual(run.result.ended, { reason: 'stopped', detail: 'Stopped at level 4.' });
      const report = run.store.json<Report>(reportKey('cloud', 'report.json'));
      assert.equal(report.ended?.reason, 'stopped');
      assert.equal(report.points.find(({ level }) => level === 2)?.validity.state, 'ok');
      const cut = report.points.find(({ level }) => level === 4);
      assert.deepEqual(cut?.client.workersLost, [], 'its workers are waited for');
      assert.ok(cut.validity.reasons.some(({ name }) => name === 'interrupted'));
    });
  }
  it('in the probe: no level is named, since none was begun', async () => {
    const run = await start({
      observe(event, { store }) {
        if (event.kind === 'stage_started' && event.stage.kind === 'probe')
          void store.put(controlKey('cloud'), jsonText({ state: 'stop' }));
      },
    });
    assert.match(run.result.ended?.detail ?? '', /^Stopped at the probe\.$/);
  });
  it('between two stages: none is begun', async () => {
    const run = await start({
      observe(event, { store }) {
        if (event.kind === 'stage_ended' && event.stage.level === 2)
          void store.put(controlKey('cloud'), jsonText({ state: 'stop' }));
      },
    });
    assert.deepEqual(run.result.ended, { reason: 'stopped', detail: 'Stopped before level 4.' });
    assert.deepEqual([...run.launches.keys()], ['0/0', '1/0']);
  });
});

describe('a start that is refused: nothing is launched, and the status says why', () => {
  const cases: readonly [string, Partial<VirtualStart>, string, RegExp[]][] = [
    [
      'every fault of the spec with its path',
      { event: { id: 'cloud', sweep: { target: {}, load: { levels: [2, 1] } } } },
      'cloud',
      [/^sweep\.target\.url is missing/, /^sweep\.workload/, /sweep\.load\.levels/],
    ],
    [
      'an unknown key beside the sweep',
      { event: { sweep, id: 'cloud', wait: true } },
      'cloud',
      [/^wait is no key of a start/],
    ],
    ['more workers than the account runs', { capacity: 1 }, 'cloud', [/^load\.levels.*L-B99A9384/]],
    [
      'a file of prompts that rests elsewhere',
      { event: { sweep: { ...sweep, workload: { file: 'prompts.jsonl', outputTokens: 5 } }, id: 'cloud' } },
      'cloud',
      [/^workload\.file/],
    ],
    ['a target that is not allowed', { targetRefusal: 'the host mock is not allowed' }, 'cloud', [/^the host mock/]],
  ];
  for (const [reason, rest, id, patterns] of cases) {
    it(reason, async () => {
      const run = await start(rest);
      assert.equal(run.result.state, 'refused');
      assert.equal(run.launches.size, 0);
      const { state, refusals } = statusIn(run, id);
      assert.equal(state, 'refused');
      for (const [index, pattern] of patterns.entries()) assert.match(refusals[index] ?? '', pattern);
    });
  }
  it('an event without an id is named after its time', async () => {
    const run = await start({ event: { target: {} } });
    assert.match(run.result.sweepId, /^21000101T000000Z-refused$/);
  });
  it('a bare spec is a start, too', async () => {
    const run = await start({ event: { ...sweep, name: 'bare' } });
    assert.equal(run.result.sweepId, '21000101T000000Z-bare');
    assert.equal(run.result.state, 'ended');
  });
});

describe('a schedule', () => {
  const scheduled = (store = memoryStore(), rest: Partial<VirtualStart> = {}, scheduledTime = '2099-12-31T23:59:30Z') =>
    virtualStart({ event: { sweep, schedule: { name: 'nightly', scheduledTime } }, store, ...rest });

  it('names the sweep by the time that it was scheduled for; a delivery that comes twice runs once', async () => {
    const first = await scheduled();
    assert.equal(first.result.sweepId, '20991231T2359Z-nightly');
    const second = await scheduled(first.store, { execution: 'arn:other' });
    assert.deepEqual(second.result, {
      sweepId: '20991231T2359Z-nightly',
      state: 'duplicate',
      ended: null,
      refusals: [],
    });
    assert.equal(second.launches.size, 0);
    assert.equal(statusIn(second, '20991231T2359Z-nightly').execution, 'arn:execution');
  });
  it('while a sweep of it runs, the next is refused and says so; when it is over, the next runs', async () => {
    const store = memoryStore();
    const lock = { schema: 'paretoken.schedule-lock.v1', sweepId: 'earlier', expiresAtEpochMs: Date.UTC(2100, 0, 2) };
    await store.put(scheduleKey('nightly'), jsonText(lock));
    await store.put(statusKey('earlier'), jsonText({ state: 'running' }));
    const refused = await scheduled(store);
    assert.equal(refused.result.state, 'refused');
    assert.match(refused.result.refusals[0] ?? '', /earlier of this schedule is still running/);
    await store.put(statusKey('earlier'), jsonText({ state: 'ended' }));
    const next = await scheduled(store, {}, '2100-01-01T00:59:00Z');
    assert.equal(next.result.state, 'ended');
  });
  it('a sweep that never came to its end holds the lock until it expires', async () => {
    const store = memoryStore();
    const lock = { schema: 'paretoken.schedule-lock.v1', sweepId: 'dead', expiresAtEpochMs: Date.UTC(2099, 0, 1) };
    await store.put(scheduleKey('nightly'), jsonText(lock));
    await store.put(statusKey('dead'), jsonText({ state: 'running' }));
    assert.equal((await scheduled(store)).result.state, 'ended');
  });
});
