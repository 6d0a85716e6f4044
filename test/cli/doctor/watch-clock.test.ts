import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { watchClock } from '../../../lib/cli/doctor/watch-clock.ts';
import type { Clock } from '../../../lib/timing/clock.ts';
import { virtualClock } from '../../timing/virtual-clock.ts';

/** A second of watching a wall clock that shows the time since the start by `wall`, in milliseconds. */
async function watched(wall: (ms: number) => number) {
  const clock = virtualClock();
  const [startUs, startEpochMs] = [clock.nowUs(), clock.nowEpochMs()];
  const skewed: Clock = {
    ...clock,
    nowEpochMs: () => startEpochMs + Math.floor(wall((clock.nowUs() - startUs) / 1000)),
  };
  return clock.runUntilSettled(watchClock(skewed, 1000));
}

describe('the wall clock beside the monotonic one', () => {
  const cases = [
    { why: 'they keep together', wall: (ms: number) => ms, driftMs: 0, jumpMs: 0 },
    { why: 'it gains 5 ms a second', wall: (ms: number) => ms * 1.005, driftMs: 4, jumpMs: 1 },
    { why: 'it is set back by 40 ms', wall: (ms: number) => (ms > 500 ? ms - 40 : ms), driftMs: -40, jumpMs: 40 },
    {
      why: 'it is set right and back within',
      wall: (ms: number) => (ms > 400 && ms < 600 ? ms + 9 : ms),
      driftMs: 0,
      jumpMs: 9,
    },
  ];
  for (const { why, wall, driftMs, jumpMs } of cases) {
    test(why, async () => {
      const watch = await watched(wall);
      // The means of both ends lie less than the whole second apart.
      assert.ok(Math.abs(watch.driftMs - driftMs) <= 0.6, `drift ${watch.driftMs}`);
      assert.equal(Math.round(watch.jumpMs), jumpMs);
      assert.equal(watch.overMs, 1000);
    });
  }

  test('a monotonic clock that stands still has no step to be seen', async () =>
    assert.equal((await watched((ms) => ms)).stepUs, Number.POSITIVE_INFINITY));
});
