import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closedForm } from '../../lib/mock/closed-form.ts';
import { mockEndpoint } from '../../lib/mock/endpoint.ts';
import { mockEngine } from '../../lib/mock/engine.ts';
import type { QueueModel } from '../../lib/mock/queue-model.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { startClosedLoop } from './closed-loop.ts';
import { recordingSink, textOf } from './recording-sink.ts';

const model: QueueModel = {
  slots: 2,
  replicas: 3,
  queueLimit: null,
  prefillBaseMs: 20,
  prefillPerTokenMs: 0.1,
  stepBaseMs: 8,
  stepPerSlotMs: 1,
  jitter: 0,
};
const lengths = { inputTokens: 100, outputTokens: 20 };
const fromZero = { ...model, scaling: { least: 0, coldStartMs: 30_000, idleMs: 60_000 } };

describe('a mock that scales from zero', () => {
  const ask = { headers: {}, body: JSON.stringify({ messages: [{ role: 'user', content: 'a b' }], max_tokens: 2 }) };

  test('answers 503 until its cold start is over, and again after it has been idle', async () => {
    const clock = virtualClock();
    const endpoint = mockEndpoint({ clock, model: fromZero, seed: 1 });
    const bornUs = clock.nowUs();
    const statusAt = async (ms: number) => {
      await clock.advanceTo(bornUs + ms * 1000);
      const { sink, recording } = recordingSink(clock, bornUs);
      endpoint.answer(ask, sink);
      // Time for an answer, but not for the next question.
      await clock.advanceTo(bornUs + (ms + 100) * 1000);
      return recording.status;
    };
    assert.equal(await statusAt(0), 503, 'the first request wakes it');
    assert.equal(await statusAt(29_800), 503);
    assert.equal(await statusAt(30_200), 200);
    assert.equal(await statusAt(80_000), 200, 'within its idle time');
    assert.equal(await statusAt(150_000), 503, 'it went to sleep again');
    assert.equal(await statusAt(181_000), 200);
  });

  test('a refusal says that it scales up, and is in the journal', async () => {
    const clock = virtualClock();
    const endpoint = mockEndpoint({ clock, model: fromZero, seed: 1 });
    const { sink, recording } = recordingSink(clock, 0);
    endpoint.answer({ ...ask, headers: { 'x-request-id': 'cold' } }, sink);
    assert.match(textOf(recording), /scaling up from zero/);
    assert.deepEqual([endpoint.journal.get('cold')?.status, endpoint.journal.get('cold')?.admittedUs], [503, null]);
  });
});

test('under load replicas come up one by one, and then the closed form of all of them is true', async () => {
  const clock = virtualClock();
  const scaling = { least: 1, coldStartMs: 5000, idleMs: 60_000 };
  const engine = mockEngine({ clock, model: { ...model, scaling }, seed: 1 });
  const truth = closedForm(model, lengths, 12);
  const bornUs = clock.nowUs();
  const loop = { clock, engine, lengths, level: 12, spreadUs: 100_000 };
  const seen = startClosedLoop({ ...loop, windowStartsUs: bornUs + 12e6, windowEndsUs: bornUs + 20e6 });
  const heldAt = async (ms: number) => {
    await clock.advanceTo(bornUs + ms * 1000);
    return engine.held();
  };
  assert.deepEqual([await heldAt(4900), await heldAt(9900), await heldAt(10_900)], [2, 4, 6]);
  await clock.run();
  assert.ok(Math.abs(seen.tokens / 8 / truth.outputTokensPerSecond - 1) < 0.01, `${seen.tokens / 8}`);
  const latencyMs = seen.latencyMs.reduce((sum, ms) => sum + ms, 0) / seen.latencyMs.length;
  assert.ok(Math.abs(latencyMs / truth.latencyMs - 1) < 0.01, `${latencyMs} against ${truth.latencyMs}`);
});

test('an answer goes to the replica with the fewest', () => {
  const clock = virtualClock();
  const engine = mockEngine({ clock, model: { ...model, slots: 8 }, seed: 1 });
  const firstTokensUs: number[] = [];
  // Three replicas, three answers: none of them slows another down.
  for (const id of ['a', 'b', 'c']) {
    const ends: number[] = [];
    engine.answer(
      { id, ...lengths },
      { token: (_, atUs) => ends.push(atUs), finished: () => firstTokensUs.push(Number(ends[1]) - Number(ends[0])) },
    );
  }
  return clock.run().then(() => assert.deepEqual(firstTokensUs, [9000, 9000, 9000]));
});

test('scaling that makes no sense is refused by name', () => {
  const clock = virtualClock();
  const bad = (changes: Partial<QueueModel>) => () => mockEngine({ clock, model: { ...model, ...changes }, seed: 1 });
  assert.throws(bad({ replicas: 0 }), /replicas must be a whole number from 1/);
  assert.throws(
    bad({ scaling: { least: 4, coldStartMs: 1, idleMs: 1 } }),
    /least replicas must be a whole number from 0 to 3/,
  );
  assert.throws(bad({ scaling: { least: 0, coldStartMs: -1, idleMs: 1 } }), /coldStartMs must be 0 or more/);
});
