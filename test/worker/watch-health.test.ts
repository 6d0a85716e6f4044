import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicSchedule } from '../../lib/load/monotonic-schedule.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import type { ClientHealth } from '../../lib/record/receipt.ts';
import { anchorOf } from '../../lib/timing/clock.ts';
import { newTally } from '../../lib/worker/tally.ts';
import { watchHealth } from '../../lib/worker/watch-health.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';
import { memoryStore } from '../store/memory-store.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { virtualPorts } from './virtual-ports.ts';

const seen: ClientHealth = { eventLoopDelayMs: null, cpuShare: 0.5, gcPauseMs: null };

/** Watches from a second before the start until `closeAfterMs`; a monitor that is not stopped goes on for ever. */
async function watch(closeAfterMs: number) {
  const clock = virtualClock();
  const { stage } = sampleAssignment({ startsAtEpochMs: clock.nowEpochMs() + 1000 });
  const told: string[] = [];
  const ports = {
    ...virtualPorts({ clock, store: memoryStore(), mock: { model: smallServer, seed: 1 } }),
    newHealthMonitor: () => ({
      start: () => void told.push('start'),
      stop: () => {
        told.push('stop');
        return seen;
      },
    }),
  };
  const tally = newTally(null);
  const watching = watchHealth({ ports, schedule: monotonicSchedule(stage, anchorOf(clock)), tally });
  await clock.advanceTo(clock.nowUs() + closeAfterMs * 1000);
  watching.close();
  return { told, cpuShare: tally.health.cpuShare, pending: clock.pending() };
}

describe("the watch over a worker's health", () => {
  it('is over with the window', async () => {
    assert.deepEqual(await watch(8000), { told: ['start', 'stop'], cpuShare: 0.5, pending: 0 });
  });
  it('closed in the window: tells what was seen until then', async () => {
    assert.deepEqual(await watch(4000), { told: ['start', 'stop'], cpuShare: 0.5, pending: 0 });
  });
  it('closed before the window: nothing was seen, and nothing goes on watching', async () => {
    assert.deepEqual(await watch(500), { told: ['stop'], cpuShare: null, pending: 0 });
  });
});
