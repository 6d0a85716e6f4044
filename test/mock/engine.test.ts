import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Engine, type EngineRequest, mockEngine } from '../../lib/mock/engine.ts';
import type { QueueModel } from '../../lib/mock/queue-model.ts';
import type { Clock } from '../../lib/timing/clock.ts';
import { virtualClock } from '../timing/virtual-clock.ts';

const model: QueueModel = {
  slots: 2,
  queueLimit: null,
  prefillBaseMs: 10,
  prefillPerTokenMs: 1,
  stepBaseMs: 4,
  stepPerSlotMs: 1,
  jitter: 0,
};

interface Told {
  acceptedUs: number | null;
  admittedUs: number | null;
  readonly tokenUs: number[];
  finishedUs: number | null;
}

/** Asks the engine and keeps what it tells, in microseconds since `originUs`. */
function ask(engine: Engine, request: EngineRequest, originUs: number) {
  const told: Told = { acceptedUs: null, admittedUs: null, tokenUs: [], finishedUs: null };
  const cancel = engine.answer(request, {
    accepted(atUs) {
      told.acceptedUs = atUs - originUs;
    },
    admitted(atUs) {
      told.admittedUs = atUs - originUs;
    },
    token(index, atUs) {
      assert.equal(index, told.tokenUs.length);
      told.tokenUs.push(atUs - originUs);
    },
    finished(atUs) {
      told.finishedUs = atUs - originUs;
    },
  });
  return { told, cancel: cancel ?? assert.fail('the queue is full') };
}

const request = (id: string, inputTokens = 5, outputTokens = 3) => ({ id, inputTokens, outputTokens });

describe('the schedule of one answer', () => {
  test('the first token comes at the end of prefill, the others a decode step apart', async () => {
    const clock = virtualClock();
    const { told } = ask(mockEngine({ clock, model, seed: 1 }), request('a'), clock.nowUs());
    await clock.run();
    assert.deepEqual(told, { acceptedUs: 0, admittedUs: 0, tokenUs: [15_000, 20_000, 25_000], finishedUs: 25_000 });
  });

  test('a step lasts c + d × the slots held when it begins, prefill included', async () => {
    const clock = virtualClock();
    const originUs = clock.nowUs();
    const engine = mockEngine({ clock, model, seed: 1 });
    const first = ask(engine, request('a', 5, 4), originUs);
    await clock.advanceTo(originUs + 16_000);
    ask(engine, request('b', 100, 2), originUs);
    await clock.run();
    // The step from 15 ms began alone; those from 20 ms on hold two slots.
    assert.deepEqual(first.told.tokenUs, [15_000, 20_000, 26_000, 32_000]);
  });

  test('fractions of a microsecond are not lost from step to step', async () => {
    const clock = virtualClock();
    const third = { ...model, stepBaseMs: 1 / 3000, stepPerSlotMs: 0 };
    const { told } = ask(mockEngine({ clock, model: third, seed: 1 }), request('a', 0, 3001), clock.nowUs());
    await clock.run();
    assert.equal(told.finishedUs, 10_000 + 1000);
  });

  const skews = [
    { skewUs: 1700, why: 'late timers' },
    { skewUs: -900, why: 'early timers' },
    { skewUs: 30_000, why: 'timers later than several steps' },
  ];
  for (const { skewUs, why } of skews) {
    test(`deadlines are absolute: ${why} move no planned time and do not add up`, async () => {
      const inner = virtualClock();
      const originUs = inner.nowUs();
      const callAt: Clock['callAt'] = (atUs, fire) => inner.callAt(Math.max(atUs + skewUs, inner.nowUs() + 300), fire);
      const clock: Clock = { ...inner, callAt };
      const engine = mockEngine({ clock, model: { ...model, slots: 1 }, seed: 1 });
      const first = ask(engine, request('a', 5, 40), originUs);
      const second = ask(engine, request('b', 5, 2), originUs);
      const seenUs: number[] = [];
      ask(engine, request('c', 5, 1), originUs);
      engine.answer(request('d', 5, 9), {
        token: (_, atUs) => void seenUs.push(inner.nowUs() - atUs),
        finished: () => {},
      });
      await inner.run();
      assert.equal(first.told.tokenUs.at(-1), 15_000 + 39 * 5000);
      assert.equal(second.told.admittedUs, 210_000);
      assert.deepEqual(second.told.tokenUs, [225_000, 230_000]);
      assert.equal(seenUs.length, 9);
      for (const lateUs of seenUs) assert.ok(lateUs >= 0 && lateUs <= Math.max(skewUs, 300), `${lateUs} µs late`);
    });
  }
});

describe('the queue', () => {
  test('first come, first served', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ input: fc.nat(60), output: fc.integer({ min: 1, max: 6 }) })),
        async (asked) => {
          const clock = virtualClock();
          const originUs = clock.nowUs();
          const engine = mockEngine({ clock, model, seed: 1 });
          const all = asked.map(({ input, output }, i) => ask(engine, request(`${i}`, input, output), originUs));
          await clock.run();
          const admittedUs = all.map(({ told }) => told.admittedUs ?? Number.NaN);
          assert.deepEqual(
            admittedUs,
            admittedUs.toSorted((a, b) => a - b),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  test('an answer is admitted at the very time at which a slot becomes free', async () => {
    const clock = virtualClock();
    const originUs = clock.nowUs();
    const engine = mockEngine({ clock, model: { ...model, slots: 1 }, seed: 1 });
    const [first, second] = [ask(engine, request('a'), originUs), ask(engine, request('b'), originUs)];
    assert.deepEqual([engine.held(), engine.queued()], [1, 1]);
    await clock.run();
    assert.equal(first.told.finishedUs, 25_000);
    assert.deepEqual(second.told, {
      acceptedUs: 0,
      admittedUs: 25_000,
      tokenUs: [40_000, 45_000, 50_000],
      finishedUs: 50_000,
    });
    assert.deepEqual([engine.held(), engine.queued()], [0, 0]);
  });

  test('one more than its limit is refused, until there is room again', async () => {
    const clock = virtualClock();
    const engine = mockEngine({ clock, model: { ...model, slots: 1, queueLimit: 1 }, seed: 1 });
    const silent = { token: () => {}, finished: () => {} };
    const asks = ['a', 'b', 'c'].map((id) => engine.answer(request(id), silent));
    assert.deepEqual(
      asks.map((cancel) => cancel !== null),
      [true, true, false],
    );
    asks[1]?.();
    assert.notEqual(engine.answer(request('d'), silent), null);
    const unqueued = mockEngine({ clock, model: { ...model, slots: 1, queueLimit: 0 }, seed: 1 });
    assert.notEqual(unqueued.answer(request('a'), silent), null);
    assert.equal(unqueued.answer(request('b'), silent), null);
  });
});

describe('cancelling', () => {
  test('frees the slot at once for the next in the queue, and nothing more is told', async () => {
    const clock = virtualClock();
    const originUs = clock.nowUs();
    const engine = mockEngine({ clock, model: { ...model, slots: 1 }, seed: 1 });
    const [first, second] = [ask(engine, request('a', 5, 100), originUs), ask(engine, request('b'), originUs)];
    await clock.advanceTo(originUs + 22_500);
    first.cancel();
    first.cancel();
    assert.equal(engine.held(), 1);
    await clock.run();
    assert.deepEqual(first.told.tokenUs, [15_000, 20_000]);
    assert.equal(first.told.finishedUs, null);
    assert.equal(second.told.admittedUs, 22_500);
    assert.equal(engine.held(), 0);
  });

  test('gives up a place in the queue, and after the end does nothing', async () => {
    const clock = virtualClock();
    const originUs = clock.nowUs();
    const engine = mockEngine({ clock, model: { ...model, slots: 1 }, seed: 1 });
    const [first, second, third] = ['a', 'b', 'c'].map((id) => ask(engine, request(id), originUs));
    second?.cancel();
    await clock.run(() => third?.told.admittedUs !== null);
    first?.cancel();
    await clock.run();
    assert.equal(second?.told.admittedUs, null);
    assert.equal(third?.told.admittedUs, 25_000);
    assert.equal(third?.told.finishedUs, 50_000);
  });

  test('while being admitted leaves nothing to happen', () => {
    const clock = virtualClock();
    const engine = mockEngine({ clock, model: { ...model, slots: 1 }, seed: 1 });
    const silent = { token: () => {}, finished: () => {} };
    const first = engine.answer(request('a'), silent);
    const second = engine.answer(request('b'), { ...silent, admitted: () => second?.() });
    first?.();
    assert.deepEqual([engine.held(), clock.pending()], [0, 0]);
  });

  test('can be done from within any of the calls', async () => {
    for (const where of ['admitted', 'first', 'last'] as const) {
      const clock = virtualClock();
      const engine = mockEngine({ clock, model: { ...model, slots: 1 }, seed: 1 });
      engine.answer(request('before'), { token: () => {}, finished: () => {} });
      let tokens = 0;
      let finished = false;
      const cancel = engine.answer(request('a'), {
        admitted: () => where === 'admitted' && cancel?.(),
        token(index) {
          tokens += 1;
          if ((where === 'first' && index === 0) || (where === 'last' && index === 2)) cancel?.();
        },
        finished() {
          finished = true;
        },
      });
      await clock.run();
      assert.equal(tokens, { admitted: 0, first: 1, last: 3 }[where]);
      assert.equal(finished, false);
      assert.equal(engine.held(), 0);
    }
  });
});

test('never more slots held than there are; all that is not cancelled finishes; tokens rise and add up', async () => {
  const arrival = fc.record({
    atMs: fc.nat(200),
    input: fc.nat(50),
    output: fc.integer({ min: 1, max: 12 }),
    cancelAfterMs: fc.option(fc.nat(150), { freq: 3 }),
  });
  const settings = fc.record({
    slots: fc.integer({ min: 1, max: 4 }),
    jitter: fc.constantFrom(0, 0.3),
    arrivals: fc.array(arrival, { maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(settings, async ({ slots, jitter, arrivals }) => {
      const clock = virtualClock();
      const originUs = clock.nowUs();
      const engine = mockEngine({ clock, model: { ...model, slots, jitter }, seed: 7 });
      const checkHeld = () => assert.ok(engine.held() <= slots && (engine.queued() === 0 || engine.held() === slots));
      const asks: { told: Told; output: number; cancelled: () => boolean }[] = [];
      arrivals.forEach(({ atMs, input, output, cancelAfterMs }, i) => {
        clock.callAt(originUs + atMs * 1000, () => {
          const { told, cancel } = ask(engine, request(`${i}`, input, output), originUs);
          checkHeld();
          let cancelled = false;
          asks.push({ told, output, cancelled: () => cancelled });
          if (cancelAfterMs === null) return;
          clock.callAt(clock.nowUs() + cancelAfterMs * 1000, () => {
            cancelled = told.finishedUs === null;
            cancel();
            checkHeld();
          });
        });
      });
      await clock.run();
      assert.deepEqual([engine.held(), engine.queued(), clock.pending()], [0, 0, 0]);
      for (const { told, output, cancelled } of asks) {
        const rising = [told.admittedUs ?? Number.NEGATIVE_INFINITY, ...told.tokenUs];
        for (let i = 1; i < rising.length; i++) assert.ok((rising[i] ?? 0) > (rising[i - 1] ?? 0));
        if (cancelled()) assert.equal(told.finishedUs, null);
        else assert.equal(told.tokenUs.length, output);
        assert.equal(told.finishedUs, cancelled() ? null : told.tokenUs.at(-1));
      }
    }),
    { numRuns: 60 },
  );
});

describe('jitter', () => {
  const jittered = { ...model, jitter: 0.5, stepPerSlotMs: 0 };
  const gapsOf = async (seed: number, id: string, others: number) => {
    const clock = virtualClock();
    const originUs = clock.nowUs();
    const engine = mockEngine({ clock, model: jittered, seed });
    const { told } = ask(engine, request(id, 5, 4000), originUs);
    for (let i = 0; i < others; i++) ask(engine, request(`other ${i}`), originUs);
    await clock.run();
    return told.tokenUs.map((atUs, i) => atUs - (told.tokenUs[i - 1] ?? 0));
  };

  test('factors have mean 1 and the standard deviation that was asked for', async () => {
    const factors = (await gapsOf(3, 'a', 0)).slice(1).map((gapUs) => gapUs / 4000);
    const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
    const variance = factors.reduce((sum, factor) => sum + (factor - mean) ** 2, 0) / factors.length;
    assert.ok(Math.abs(mean - 1) < 0.03, `mean ${mean}`);
    assert.ok(Math.abs(Math.sqrt(variance) - 0.5) < 0.05, `deviation ${Math.sqrt(variance)}`);
  });

  test('the same seed and id give the same times, whatever else is asked; others give others', async () => {
    const gaps = await gapsOf(3, 'a', 0);
    assert.deepEqual(await gapsOf(3, 'a', 1), gaps);
    assert.notDeepEqual(await gapsOf(4, 'a', 0), gaps);
    assert.notDeepEqual(await gapsOf(3, 'b', 0), gaps);
  });
});

test('parameters out of their range are refused by name', () => {
  const rows: [Partial<QueueModel>, RegExp][] = [
    [{ slots: 0 }, /slots must be a whole number from 1/],
    [{ slots: 1.5 }, /slots/],
    [{ queueLimit: -1 }, /queueLimit/],
    [{ prefillBaseMs: Number.NaN }, /prefillBaseMs must be 0 or more/],
    [{ stepPerSlotMs: -0.1 }, /stepPerSlotMs/],
    [{ jitter: Number.POSITIVE_INFINITY }, /jitter/],
  ];
  const clock = virtualClock();
  for (const [wrong, message] of rows) {
    assert.throws(() => mockEngine({ clock, model: { ...model, ...wrong }, seed: 1 }), message);
  }
  const engine = mockEngine({ clock, model, seed: 1 });
  assert.throws(() => engine.answer(request('a', 1, 0), { token: () => {}, finished: () => {} }), /at least one token/);
});
