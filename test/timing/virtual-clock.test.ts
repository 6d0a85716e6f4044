import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { virtualClock } from './virtual-clock.ts';

test('appointments are met in order of time, then of insertion, each at its own time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 40 }), async (delays) => {
      const clock = virtualClock();
      const startUs = clock.nowUs();
      const met: { delay: number; index: number }[] = [];
      delays.forEach((delay, index) => {
        clock.callAt(startUs + delay, () => {
          assert.equal(clock.nowUs(), startUs + delay);
          met.push({ delay, index });
        });
      });
      await clock.run();
      const expected = delays.map((delay, index) => ({ delay, index })).sort((a, b) => a.delay - b.delay);
      assert.deepEqual(met, expected);
      assert.equal(clock.pending(), 0);
    }),
    { numRuns: 40 },
  );
});

test('a cancelled appointment is not met, and one in the past is met at once but not within the call', async () => {
  const clock = virtualClock();
  const met: string[] = [];
  const cancel = clock.callAt(clock.nowUs() + 10, () => met.push('cancelled'));
  cancel();
  cancel();
  clock.callAt(clock.nowUs() - 5, () => met.push('past'));
  assert.deepEqual(met, []);
  assert.equal(clock.pending(), 1);
  const startUs = clock.nowUs();
  await clock.run();
  assert.deepEqual(met, ['past']);
  assert.equal(clock.nowUs(), startUs);
});

test('wall time moves with monotonic time', async () => {
  const clock = virtualClock(5000);
  await clock.advanceTo(clock.nowUs() + 2_500_900);
  assert.equal(clock.nowEpochMs(), 7500);
});

test('between two steps, promises, immediates and files come to rest', async () => {
  const clock = virtualClock();
  const folder = await mkdtemp(join(tmpdir(), 'virtual-clock-'));
  const startUs = clock.nowUs();
  const work = async () => {
    await clock.sleepUntil(startUs + 10);
    await new Promise<void>((resolve) => setImmediate(resolve));
    await writeFile(join(folder, 'a'), 'text');
    await readFile(join(folder, 'a'));
    return clock.nowUs();
  };
  clock.callAt(startUs + 11, () => undefined);
  assert.equal(await clock.runUntilSettled(work()), startUs + 10);
  await rm(folder, { recursive: true });
});

test('a run stops as soon as its condition holds, and goes on from there', async () => {
  const clock = virtualClock();
  const startUs = clock.nowUs();
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    clock.callAt(clock.nowUs() + 100, tick);
  };
  tick();
  await clock.run(() => ticks === 5);
  assert.equal(clock.nowUs(), startUs + 400);
  await clock.advanceTo(startUs + 650);
  assert.deepEqual([ticks, clock.nowUs()], [7, startUs + 650]);
});

test('sleeping ends at its time or with the signal, and never rejects', async () => {
  const clock = virtualClock();
  const startUs = clock.nowUs();
  const stop = new AbortController();
  clock.callAt(startUs + 30, () => stop.abort());
  const woken = async (atUs: number, signal?: AbortSignal) => {
    await clock.sleepUntil(atUs, signal);
    return clock.nowUs() - startUs;
  };
  const all = Promise.all([woken(startUs + 20), woken(startUs + 900, stop.signal), woken(9e15, AbortSignal.abort())]);
  assert.deepEqual(await clock.runUntilSettled(all), [20, 30, 0]);
  assert.equal(clock.pending(), 0);
});

test('a run that cannot end says why', async () => {
  const endless = virtualClock(0, { mostMs: 1000 });
  const tick = () => void endless.callAt(endless.nowUs() + 1000, tick);
  tick();
  await assert.rejects(endless.run(), /gave up after 1\.000 virtual seconds/);
  await assert.rejects(virtualClock().run(never), /nothing is left to happen after 0\.000 virtual seconds/);

  const stuck = virtualClock(0, { mostSteps: 10 });
  const spin = () => void stuck.callAt(stuck.nowUs(), spin);
  spin();
  await assert.rejects(stuck.run(), /and 10 steps/);

  const broken = virtualClock();
  broken.callAt(broken.nowUs() + 1, () => {
    throw new Error('thrown in a callback');
  });
  await assert.rejects(broken.run(), /thrown in a callback/);
  assert.throws(() => broken.callAt(Number.NaN, () => undefined), /needs a time/);
});

const never = () => false;
