import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Point } from '../../lib/curve/point.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import type { Stage } from '../../lib/plan/stage.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import type { Report } from '../../lib/report/report.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { controlKey, pointKey, reportKey, stageKey, statusKey } from '../../lib/store/key-layout.ts';
import type { Status } from '../../lib/sweep/status.ts';
import type { SweepEvent } from '../../lib/sweep/sweep-event.ts';
import {
  begin,
  type Fate,
  type Lived,
  type Machine,
  newMachine,
  reportOf,
  requestsOf,
  resume,
} from './mortal-sweep.ts';

const spec = (load: string) =>
  parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 2}
load: ${load}
stage: {warmUp: 200ms, measure: 1200ms, drain: 1s}
fleet: {streamsPerWorker: 2}
`);
const mock = { model: { ...smallServer, prefillBaseMs: 60, stepBaseMs: 20, jitter: 0 }, seed: 1 };

/** A sweep that nothing befell, to hold the others against. */
interface Whole {
  readonly machine: Machine;
  readonly lived: Lived;
  /** Virtual time that it took. */
  readonly tookUs: number;
}

async function wholeSweep(load: string): Promise<Whole> {
  const machine = newMachine(spec(load), mock);
  const beganUs = machine.clock.nowUs();
  const lived = await begin(machine);
  return { machine, lived, tookUs: machine.clock.nowUs() - beganUs };
}

const stagesOf = (events: readonly SweepEvent[]) =>
  events.flatMap((event) => (event.kind === 'stage_ended' ? [event.stage] : []));
const counted = (events: readonly SweepEvent[]) =>
  stagesOf(events)
    .filter(({ cutOff }) => !cutOff)
    .map(({ kind, level }) => `${kind} ${level}`);

/** A report without what must differ when a stage was run again: its ordinal, its time, what all stages used. */
function comparable({ points, driftPoint, curves, probe, ended, warnings }: Report): unknown {
  const bare = (point: (typeof points)[number] | null) =>
    point && { ...point, stage: 0, stages: point.stages.length, startedAtEpochMs: 0 };
  return { points: points.map(bare), driftPoint: bare(driftPoint), curves, probe, ended, warnings };
}

/** What holds of every sweep that was resumed to its end. */
function assertSound(machine: Machine, last: Lived, whole: Whole): void {
  assert.equal(last.end, 'ended');
  assert.deepEqual(counted(last.events), counted(whole.lived.events), 'the same levels');
  assert.deepEqual(comparable(reportOf(machine)), comparable(reportOf(whole.machine)), 'the same report');
  const ids = requestsOf(machine).map(({ requestId }) => requestId);
  assert.equal(new Set(ids).size, ids.length, 'no request is sent twice');
  const ran = stagesOf(last.events);
  assert.deepEqual(
    ran.map(({ stage }) => stage),
    ran.map((_, ordinal) => ordinal),
    'ordinals are used once, in order',
  );
  assert.ok(!machine.ends.includes('not_ours'), 'no assignment is handed out twice');
  assert.equal(machine.store.json<Status>(statusKey('virtual')).state, 'ended');
}

/** Every claim has a receipt, or its stage is marked as cut off and its point void. */
function assertNoClaimLost({ store }: Machine): void {
  for (const claim of store.keys().filter((key) => key.includes('/claims/'))) {
    const [, stage = '', worker = ''] = /stage=(\d+)\/(w\d+)$/.exec(claim) ?? [];
    if (store.keys().includes(`sweeps/virtual/receipts/stage=${stage}/${worker}.json`)) continue;
    assert.equal(store.json<Stage>(stageKey('virtual', Number(stage))).cutOff, true, claim);
    const kept = store.json<Verdict | Point>(pointKey('virtual', Number(stage)));
    if (kept.schema === 'paretoken.verdict.v1') assert.equal(kept.state, 'void', claim);
    else assert.ok(kept.validity.reasons.some(({ name, state }) => name === 'interrupted' && state === 'void'));
  }
}

const minutesUs = 60e6;

async function dieAndResume(load: string, fates: readonly Fate[], idleUs = 10 * minutesUs) {
  const machine = newMachine(spec(load), mock);
  const [first = {}, ...more] = fates;
  let lived = await begin(machine, first);
  for (const fate of [...more, {}]) {
    await machine.clock.advanceTo(machine.clock.nowUs() + idleUs);
    lived = await resume(machine, fate);
  }
  return { machine, lived };
}

describe('a sweep whose process dies is resumed: same levels, nothing lost, nothing measured twice', () => {
  const load = '{levels: [1, 4], driftCheck: false}';
  let whole: Whole;
  before(async () => {
    whole = await wholeSweep(load);
  });

  // Before its third line nothing has been claimed, and there is nothing to resume.
  for (const when of ['before', 'after'] as const) {
    test(`${when} each result is remembered`, async (t) => {
      for (let line = 3; line <= whole.lived.lines; line++) {
        const { name } = JSON.parse(whole.machine.lines[line - 1] ?? '') as { name: string };
        await t.test(name, async () => {
          const { machine, lived } = await dieAndResume(load, [{ dies: { when, line } }]);
          assertSound(machine, lived, whole);
          assertNoClaimLost(machine);
          assert.ok(stagesOf(lived.events).filter(({ cutOff }) => cutOff).length <= 1);
        });
      }
    });
  }

  test('three times in a row, and at once taken up again', async () => {
    for (const lines of [
      [12, 6, 9],
      [5, 1, 3],
      [30, 2, 2],
    ]) {
      const fates = lines.map((line): Fate => ({ dies: { when: 'after', line } }));
      const { machine, lived } = await dieAndResume(load, fates, 0);
      assertSound(machine, lived, whole);
      assertNoClaimLost(machine);
    }
  });

  test('in the drift check, which runs again', async () => {
    const drift = '{levels: [1, 4]}';
    const drifted = await wholeSweep(drift);
    const line = drifted.machine.lines.findIndex((text) => text.includes('"launch-3"')) + 3;
    const { machine, lived } = await dieAndResume(drift, [{ dies: { when: 'after', line } }]);
    assertSound(machine, lived, drifted);
    assert.deepEqual(
      stagesOf(lived.events).map(({ kind, cutOff }) => `${kind}${cutOff ? ' cut off' : ''}`),
      ['probe', 'load', 'load', 'drift cut off', 'drift'],
    );
  });

  for (const [when, idleUs] of [
    ['hours later', 300 * minutesUs],
    ['at once', 0],
  ] as const) {
    test(`${when}: nothing of what is gone is waited for`, async () => {
      const machine = newMachine(spec(load), mock);
      const line = whole.machine.lines.findIndex((text) => text.includes('"launch-1"')) + 1;
      await begin(machine, { dies: { when: 'after', line } });
      const resumedUs = machine.clock.nowUs() + idleUs;
      await machine.clock.advanceTo(resumedUs);
      await resume(machine);
      assert.ok(machine.clock.nowUs() - resumedUs <= whole.tookUs);
    });
  }

  test('where its budget ended: once and for all, and with the same count of requests', async () => {
    const budget = `${load}\nbudget: {requests: 70}`;
    const spent = await wholeSweep(budget);
    assert.equal(spent.lived.summary?.ended?.reason, 'budget');
    const line = spent.machine.lines.findIndex((text) => text.includes('"aggregate-2"')) + 1;
    const { machine, lived } = await dieAndResume(budget, [{ dies: { when: 'before', line } }]);
    assertSound(machine, lived, spent);
    assert.equal(requestsOf(machine).length, requestsOf(spent.machine).length);
  });

  test('whose interrupted stage used up some of the budget: it stays used up', async () => {
    const budget = `${load}\nbudget: {requests: 100}`;
    const spent = await wholeSweep(budget);
    assert.equal(spent.lived.summary?.ended?.reason, 'done');
    const stop: Fate = {
      observe(event, { clock, stop }) {
        if (event.kind === 'stage_started' && event.stage.stage === 2) clock.callAt(clock.nowUs() + 1.2e6, stop);
      },
    };
    const { machine, lived } = await dieAndResume(budget, [stop]);
    assert.equal(lived.summary?.ended?.reason, 'budget');
    assert.ok(requestsOf(machine).length <= 100);
  });

  test('before it claimed anything: nothing was sent and no status is there', async () => {
    for (const when of ['before', 'after'] as const) {
      const machine = newMachine(spec(load), mock);
      assert.equal((await begin(machine, { dies: { when, line: 2 } })).end, 'died');
      assert.deepEqual([machine.store.keys(), requestsOf(machine)], [[], []]);
    }
  });
});

describe('a sweep that was stopped is resumed: the stop is taken back', () => {
  const load = '{levels: [1, 4]}';
  let whole: Whole;
  before(async () => {
    whole = await wholeSweep(load);
  });

  const stopped = (at: (stage: Stage) => boolean, afterMs: number): Fate => ({
    observe(event, { clock, stop }) {
      if (event.kind === 'stage_started' && at(event.stage)) clock.callAt(clock.nowUs() + afterMs * 1000, stop);
    },
  });
  const isProbe = ({ kind }: Stage) => kind === 'probe';
  const cases: readonly { why: string; fate: Fate; cutOff: readonly string[] }[] = [
    { why: 'during the probe, whose answers come all the same', fate: stopped(isProbe, 100), cutOff: [] },
    { why: 'in the lead of a level', fate: stopped(({ stage }) => stage === 1, 200), cutOff: ['load 1'] },
    { why: 'in a window', fate: stopped(({ stage }) => stage === 2, 1500), cutOff: ['load 4'] },
    { why: 'when all is measured that the level is for', fate: stopped(({ stage }) => stage === 2, 2700), cutOff: [] },
    { why: 'in the drift check', fate: stopped(({ kind }) => kind === 'drift', 1500), cutOff: ['drift 1'] },
  ];
  for (const { why, fate, cutOff } of cases) {
    test(why, async () => {
      const machine = newMachine(spec(load), mock);
      const first = await begin(machine, fate);
      assert.equal(first.summary?.exitCode, 130);
      const states = new Set<string>();
      const note = () => states.add(machine.store.json<Status>(statusKey('virtual')).state);
      const lived = await resume(machine, { observe: note });
      assert.deepEqual([...states], ['running'], 'who watches sees it run');
      assertSound(machine, lived, whole);
      const again = stagesOf(lived.events).filter((stage) => stage.cutOff);
      assert.deepEqual(
        again.map(({ kind, level }) => `${kind} ${level}`),
        cutOff,
      );
    });
  }

  test('during a probe that is cut short by it: the endpoint is asked again before any level', async () => {
    const slow = { ...mock, model: { ...mock.model, prefillBaseMs: 900 } };
    const machine = newMachine(spec(load), slow);
    assert.equal((await begin(machine, stopped(isProbe, 100))).summary?.exitCode, 130);
    const lived = await resume(machine);
    assert.deepEqual(
      stagesOf(lived.events).map(({ stage, kind, cutOff }) => `${stage} ${kind}${cutOff ? ' cut off' : ''}`),
      ['0 probe cut off', '1 probe', '2 load', '3 load', '4 drift'],
    );
    assert.equal(reportOf(machine).probe?.ok, true);
    assert.notEqual(reportOf(machine).machine, null);
  });

  test('by its control, which the workers see first', async () => {
    const machine = newMachine(spec(load), mock);
    const stop = () => void machine.store.put(controlKey('virtual'), '{"state": "stop"}');
    const first = await begin(machine, {
      observe(event, { clock }) {
        if (event.kind === 'stage_started' && event.stage.stage === 2) clock.callAt(clock.nowUs() + 1.2e6, stop);
      },
    });
    assert.equal(first.summary?.exitCode, 130);
    const lived = await resume(machine);
    assertSound(machine, lived, whole);
    assert.ok(stagesOf(lived.events)[2]?.cutOff);
  });

  test('before a stage: none is cut off', async () => {
    const machine = newMachine(spec(load), mock);
    const first = await begin(machine, {
      observe(event) {
        if (event.kind === 'stage_ended' && event.stage.stage === 1)
          void machine.store.put(controlKey('virtual'), '{"state": "stop"}');
      },
    });
    assert.deepEqual(first.summary?.ended, { reason: 'stopped', detail: 'Stopped before level 4.' });
    const lived = await resume(machine);
    assertSound(machine, lived, whole);
    assert.ok(stagesOf(lived.events).every(({ cutOff }) => !cutOff));
  });

  test('and its process then dies before the stop has ended it', async () => {
    const machine = newMachine(spec(load), mock);
    const stop = stopped(({ stage }) => stage === 2, 1500);
    const line = whole.machine.lines.findIndex((text) => text.includes('"launch-2"')) + 5;
    assert.equal((await begin(machine, { ...stop, dies: { when: 'after', line } })).end, 'died');
    assertSound(machine, await resume(machine), whole);
  });
});

describe('a sweep that failed by a fault of its machine is resumed once the fault is mended', () => {
  const load = '{levels: [1, 4], driftCheck: false}';
  let whole: Whole;
  before(async () => {
    whole = await wholeSweep(load);
  });

  const full = (fails: (key: string) => boolean) => (verb: string, key: string) =>
    verb === 'put' && fails(key) ? 'ENOSPC' : null;
  const faults: readonly { why: string; fails: (key: string) => boolean }[] = [
    { why: 'a stage', fails: (key) => key === stageKey('virtual', 2) },
    { why: 'a point', fails: (key) => key === pointKey('virtual', 2) },
    { why: 'the last report', fails: (key) => key === reportKey('virtual', 'report.json') },
    {
      why: 'a stage, nor for the end that follows from it',
      fails: (key) => key === stageKey('virtual', 2) || key.includes('status') || key.includes('report'),
    },
  ];
  for (const { why, fails } of faults) {
    test(`there is no room for ${why}`, async () => {
      const machine = newMachine(spec(load), mock);
      let opened = false;
      const observe = () => {
        if (!opened) machine.store.failWith(full(fails));
        opened = true;
      };
      const message = new RegExp(`put of ${why.includes('point') ? pointKey('virtual', 2) : '.*(stage=0002|report)'}`);
      await assert.rejects(begin(machine, { observe }), { name: 'StoreError', code: 'ENOSPC', message });
      machine.store.failWith(() => null);
      assertSound(machine, await resume(machine), whole);
    });
  }

  test('there is no room for a line of the journal: workers are told to stop, and store what they have', async () => {
    const machine = newMachine(spec(load), mock);
    const line = whole.machine.lines.findIndex((text) => text.includes('"launch-2"')) + 4;
    await assert.rejects(begin(machine, { fails: { line } }), { code: 'ENOSPC' });
    assert.deepEqual(machine.store.json(controlKey('virtual')), { state: 'stop' });
    const { ended } = machine.store.json<Status>(statusKey('virtual'));
    assert.deepEqual(ended, { reason: 'failed', detail: 'the disk is full' });
    assertSound(machine, await resume(machine), whole);
  });

  test('the control is deleted: the next stage puts it there again', async () => {
    const machine = newMachine(spec(load), mock);
    const lived = await begin(machine, {
      observe(event) {
        if (event.kind === 'stage_ended' && event.stage.stage === 1) machine.store.remove(controlKey('virtual'));
      },
    });
    assertSound(machine, lived, whole);
  });
});
