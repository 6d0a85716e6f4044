import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { anchorOf, monotonicAt, systemClock } from '../../lib/timing/clock.ts';

describe('the machine’s clock', () => {
  const clock = systemClock();
  test('an appointment is never kept early', async () => {
    for (let i = 0; i < 40; i++) {
      const atUs = clock.nowUs() + 1 + 137 * i;
      await clock.sleepUntil(atUs);
      assert.ok(clock.nowUs() >= atUs);
    }
  });
  test('a sleep ends when its signal is aborted, before or while it lasts', async () => {
    const aborted = new AbortController();
    const startedUs = clock.nowUs();
    const sleeping = clock.sleepUntil(startedUs + 60e6, aborted.signal);
    aborted.abort();
    await sleeping;
    await clock.sleepUntil(startedUs + 60e6, aborted.signal);
    assert.ok(clock.nowUs() - startedUs < 10e6);
  });
  test('a cancelled appointment is not kept', async () => {
    let kept = false;
    clock.callAt(clock.nowUs() + 1000, () => {
      kept = true;
    })();
    await clock.sleepUntil(clock.nowUs() + 5000);
    assert.equal(kept, false);
  });
  test('all threads share the monotonic side', async () => {
    const source = `const { parentPort } = require('node:worker_threads');
      import('${new URL('../../lib/timing/clock.ts', import.meta.url)}').then(({ systemClock }) => parentPort.postMessage(systemClock().nowUs()))`;
    const before = clock.nowUs();
    const there = await new Promise<number>((resolve) => new Worker(source, { eval: true }).once('message', resolve));
    assert.ok(there >= before && there <= clock.nowUs(), `${before} ≤ ${there} ≤ ${clock.nowUs()}`);
  });
  test('a new thread’s clock is within 20 µs of the machine’s own, though its first readings are slow', async () => {
    const source = `const { parentPort } = require('node:worker_threads');
      import('${new URL('../../lib/timing/clock.ts', import.meta.url)}').then(({ systemClock }) => {
        const clock = systemClock();
        let quickest = { took: 1e12, off: 0 };
        for (let reading = 0; reading < 1000; reading++) {
          const before = process.hrtime.bigint();
          const us = clock.nowUs();
          const after = process.hrtime.bigint();
          const took = Number(after - before);
          if (took < quickest.took) quickest = { took, off: us - Number(before + after) / 2000 };
        }
        parentPort.postMessage(quickest.off);
      })`;
    for (let thread = 0; thread < 3; thread++) {
      const offUs = await new Promise<number>((resolve) => new Worker(source, { eval: true }).once('message', resolve));
      assert.ok(Math.abs(offUs) < 20, `off by ${offUs} µs`);
    }
  });
  test('wall time to come is told in monotonic time by the anchor', () => {
    const anchor = anchorOf(clock);
    assert.equal(monotonicAt(anchor, anchor.epochMs + 250), anchor.monotonicUs + 250_000);
  });
});
