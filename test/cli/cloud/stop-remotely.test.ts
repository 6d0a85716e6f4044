import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stopRemotely } from '../../../lib/cli/cloud/stop-remotely.ts';
import { RefusedError } from '../../../lib/cli/exit.ts';
import { jsonText } from '../../../lib/store/json.ts';
import { callbackKey, controlKey, statusKey } from '../../../lib/store/key-layout.ts';
import { type MemoryStore, memoryStore } from '../../store/memory-store.ts';
import { virtualClock } from '../../timing/virtual-clock.ts';

const running = { sweepId: 's', state: 'running', execution: 'arn:execution' };

async function storeWith(status: object): Promise<MemoryStore> {
  const store = memoryStore();
  await store.put(statusKey('s'), jsonText(status));
  await store.put(callbackKey('s'), jsonText({ schema: 'paretoken.callback.v1', callbackId: 'open' }));
  return store;
}

interface World {
  readonly status?: object;
  readonly why?: string | null;
  /** The sweep ends when its callback is completed. */
  readonly wakes?: boolean;
}

async function stop({ status = running, why = null, wakes = false }: World) {
  const clock = virtualClock();
  const store = await storeWith(status);
  const woken: string[] = [];
  const stopped = await clock.runUntilSettled(
    stopRemotely({
      stack: { name: 'Paretoken', store },
      clock,
      sweepId: 's',
      executions: {
        async wake(id) {
          woken.push(id);
          if (wakes) await store.put(statusKey('s'), jsonText({ ...running, state: 'ended' }));
          return wakes;
        },
        whyDead: async () => why,
      },
    }),
  );
  return { stopped, woken, control: store.json(controlKey('s')), tookMs: (clock.nowUs() - 1e9) / 1000 };
}

describe('stopping a sweep in the cloud', () => {
  it('writes the stop, wakes the sweep and waits until it has ended', async () => {
    const { stopped, woken, control } = await stop({ wakes: true });
    assert.deepEqual([stopped, woken, control], [{ kind: 'ended' }, ['open'], { state: 'stop' }]);
  });
  it('whose execution is over: says why instead of promising an end, and does not wait for long', async () => {
    const why = 'its execution is over (TIMED_OUT)';
    const { stopped, tookMs } = await stop({ why });
    assert.deepEqual(stopped, { kind: 'dead', why });
    assert.ok(tookMs <= 31_000, String(tookMs));
  });
  it('that goes on all the same, as far as anyone can see: left after two minutes', async () => {
    const { stopped, tookMs } = await stop({});
    assert.deepEqual(stopped, { kind: 'running' });
    assert.ok(tookMs >= 120_000);
  });
  it('that has ended: refused', async () => {
    await assert.rejects(stop({ status: { ...running, state: 'ended' } }), RefusedError);
  });
});
