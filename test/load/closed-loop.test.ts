import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import { failuresToGiveUp } from '../../lib/load/pause.ts';
import type { Clock } from '../../lib/timing/clock.ts';
import type { IdleQueue } from '../../lib/timing/idle-queue.ts';
import type { VirtualClock } from '../timing/virtual-clock.ts';
import { type Holding, holdStreams, scheduleMs } from './hold-streams.ts';
import {
  answerAfter,
  done,
  ended,
  fails,
  headers,
  refused,
  type Script,
  sent,
  silence,
  throttledAfter,
  token,
} from './scripted-connection.ts';

const { windowStarts, windowEnds, stops } = scheduleMs;
const always = (script: Script) => () => script;
const last = ({ finished }: Holding) => finished.at(-1);
const sendsAt = ({ sends }: Holding) => sends.map(({ atMs }) => atMs);

describe('a stream is kept loaded', () => {
  test('the next request is due when the body of the last answer is over, and goes out then', async () => {
    const bodyGoesOn: Script = [
      [0, sent],
      [300, headers(), token, done],
      [350, ended],
    ];
    const { finished, sends } = await holdStreams({ streams: [always(bodyGoesOn)] });
    assert.deepEqual(sends.slice(0, 3), [
      { id: '0-0', atMs: 0 },
      { id: '0-1', atMs: 350 },
      { id: '0-2', atMs: 700 },
    ]);
    assert.deepEqual(
      finished.slice(0, 2).map(({ dueMs, settledMs }) => [dueMs, settledMs]),
      [
        [0, 300],
        [350, 650],
      ],
    );
  });

  test('first requests are sent when they are due, one that is due already at once', async () => {
    const held = { streams: [0, 1, 2].map(() => always(answerAfter(1500))), firstDueMs: [0, 120, 40], beginsMs: 100 };
    assert.deepEqual((await holdStreams(held)).sends.slice(0, 3), [
      { id: '0-0', atMs: 100 },
      { id: '2-0', atMs: 100 },
      { id: '1-0', atMs: 120 },
    ]);
  });
});

/** One stream whose first request takes 1.7 s: when it is due decides whether it is waited for. */
const edges: readonly (readonly [why: string, dueMs: number, ending: string | null, endedMs: number])[] = [
  ['due before the window: warm-up still in flight does not hold the worker', 999.999, 'cancelled', windowEnds],
  ['due exactly at its start: of the cohort, waited for', windowStarts, 'ok', 2700],
  ['due in the last microsecond: of the cohort, waited for', 1999.999, 'ok', 3699.999],
  ['due exactly at its end: not of the cohort, never sent', windowEnds, null, windowEnds],
];

describe('the cohort is every request due in [window start, window end)', () => {
  for (const [why, dueMs, ending, endedMs] of edges) {
    test(why, async () => {
      const held = await holdStreams({ streams: [always(answerAfter(1700))], firstDueMs: [dueMs] });
      assert.equal(held.finished[0]?.ending ?? null, ending);
      assert.equal(held.endedMs, endedMs);
      assert.equal(held.pending, 0);
    });
  }

  test('streams go on until the cohort has ended: then what is in flight is cancelled', async () => {
    const held = await holdStreams({
      streams: [always(answerAfter(100)), always(answerAfter(650))],
      firstDueMs: [0, 1900],
    });
    assert.equal(held.endedMs, 2550);
    const quick = held.finished.filter(({ id }) => id.startsWith('0-'));
    assert.deepEqual(
      quick.map(({ dueMs }) => dueMs),
      Array.from({ length: 26 }, (_, index) => index * 100),
      'the quick stream was never idle',
    );
    assert.ok(quick.slice(0, -1).every(({ ending }) => ending === 'ok'));
    assert.deepEqual([quick.at(-1)?.ending, quick.at(-1)?.settledMs], ['cancelled', 2550]);
    assert.deepEqual(
      held.finished.filter(({ id }) => id === '1-0').map(({ ending, settledMs }) => [ending, settledMs]),
      [['ok', 2550]],
    );
  });

  test('a pause is part of no cohort: a request due after it is waited for only if due in the window', async () => {
    // The pause of half a second ends at 2100 ms.
    const held = await holdStreams({
      streams: [(ordinal) => (ordinal === 0 ? throttledAfter(100, 0.5) : answerAfter(100))],
      firstDueMs: [1500],
    });
    assert.equal(held.endedMs, windowEnds);
    assert.deepEqual(sendsAt(held), [1500]);
  });
});

describe('nothing is sent once the stage has stopped', () => {
  test('a request of the cohort still in flight is cut exactly then: timeout: drain', async () => {
    const held = await holdStreams({ streams: [always(silence)], firstDueMs: [1500] });
    assert.deepEqual(held.finished, [{ id: '0-0', dueMs: 1500, settledMs: stops, ending: 'timeout: drain' }]);
    assert.equal(held.endedMs, stops);
  });

  test('a request that becomes due exactly then stays unsent', async () => {
    const held = await holdStreams({
      streams: [always(answerAfter(500)), always(silence)],
      firstDueMs: [0, 1500],
    });
    assert.equal(Math.max(...sendsAt(held)), stops - 500);
    assert.equal(held.endedMs, stops);
  });

  test('nor does a late timer let one through', async () => {
    const late = (clock: VirtualClock): Clock => {
      const stopsUs = clock.nowUs() + stops * 1000;
      return { ...clock, callAt: (atUs, fire) => clock.callAt(atUs === stopsUs ? atUs + 50_000 : atUs, fire) };
    };
    const held = await holdStreams({
      streams: [always(answerAfter(500)), always(silence)],
      firstDueMs: [0, 1500],
      seenClock: late,
    });
    assert.equal(Math.max(...sendsAt(held)), stops - 500);
    assert.equal(last(held)?.ending, 'timeout: drain');
  });

  test('a worker that comes to it after the stop sends nothing', async () => {
    const held = await holdStreams({ streams: [always(answerAfter(100))], beginsMs: stops });
    assert.deepEqual(held.sends, []);
    assert.deepEqual(held.finished, []);
    assert.equal(held.pending, 0);
  });
});

const stopRows: readonly (readonly [
  why: string,
  stopMs: number,
  script: Script,
  endings: readonly string[],
  paused: number,
])[] = [
  ['before the start: nothing is sent', 0, answerAfter(100), [], 0],
  ['in mid-flight: it is cancelled', 1250, answerAfter(1000), ['ok', 'cancelled'], 0],
  [
    'in a pause: the pause is over, and counts no longer than it was',
    1600,
    throttledAfter(1200, 60),
    ['throttled'],
    0.4,
  ],
];

describe('a stop ends the load at once', () => {
  for (const [why, stopMs, script, endings, pausedSeconds] of stopRows) {
    test(why, async () => {
      const held = await holdStreams({ streams: [always(script)], stopMs });
      assert.deepEqual(
        held.finished.map(({ ending }) => ending),
        endings,
      );
      assert.equal(held.endedMs, stopMs);
      assert.equal(held.pausedSeconds, pausedSeconds);
      assert.equal(held.pending, 0);
      assert.deepEqual(getEventListeners(held.stop, 'abort'), []);
    });
  }

  test('before the first request is due: nothing is sent', async () => {
    const held = await holdStreams({ streams: [always(silence)], firstDueMs: [500], stopMs: 200 });
    assert.deepEqual([held.sends.length, held.finished.length, held.endedMs], [0, 0, 200]);
  });
});

const failure: Script = [[0, fails(refused)]];

/** Streams that fail each time: what they pause of the window. */
const pauseRows: readonly (readonly [
  why: string,
  firstDueMs: number,
  script: Script,
  sendsAtMs: readonly number[],
  paused: number,
])[] = [
  ['half a second, doubling', 1100, failure, [1100, 1600], 0.9],
  ['only what lies in the window counts', 700, failure, [700, 1200], 1],
  ['as long as retry-after asks', 1000, throttledAfter(100, 0.7), [1000, 1800], 0.8],
  ['a retry-after beyond the window ends with it', 1000, throttledAfter(100, 3600), [1000], 0.9],
  ['a pause that begins after the window does not count', 1999, throttledAfter(100, 60), [1999], 0],
];

describe("after a failure a stream pauses, and the window's share of it is told", () => {
  for (const [why, firstDueMs, script, sendsAtMs, paused] of pauseRows) {
    test(why, async () => {
      const held = await holdStreams({ streams: [always(script)], firstDueMs: [firstDueMs] });
      assert.deepEqual(sendsAt(held), sendsAtMs);
      assert.equal(held.pausedSeconds, paused);
      assert.equal(held.result.streamsGaveUp, 0);
    });
  }

  test('a success between sets the pause back to half a second', async () => {
    const held = await holdStreams({
      streams: [(ordinal) => (ordinal === 1 ? answerAfter(100) : failure)],
      firstDueMs: [0],
    });
    assert.deepEqual(sendsAt(held).slice(0, 4), [0, 500, 600, 1100]);
  });
});

describe(`${failuresToGiveUp} failures in a row: a stream gives up`, () => {
  const atOnce = throttledAfter(10, 0);

  test('the others go on to the end', async () => {
    const held = await holdStreams({ streams: [always(atOnce), always(answerAfter(100))] });
    assert.equal(held.result.streamsGaveUp, 1);
    assert.equal(held.finished.filter(({ id }) => id.startsWith('0-')).length, failuresToGiveUp);
    assert.equal(held.endedMs, windowEnds);
    assert.equal(held.finished.filter(({ id }) => id.startsWith('1-')).length, windowEnds / 100);
  });

  test('in the window: what it leaves unsent is not waited for', async () => {
    const held = await holdStreams({ streams: [always(atOnce), always(answerAfter(300))], firstDueMs: [1700, 0] });
    assert.equal(held.result.streamsGaveUp, 1);
    assert.equal(held.endedMs, 2100);
  });

  test('all of them: the load ends', async () => {
    const held = await holdStreams({ streams: [always(atOnce), always(atOnce)] });
    assert.equal(held.result.streamsGaveUp, 2);
    assert.equal(held.endedMs, failuresToGiveUp * 10);
    assert.equal(held.pending, 0);
  });

  test('a success between counts from the beginning again', async () => {
    const held = await holdStreams({
      streams: [(ordinal) => (ordinal === failuresToGiveUp - 1 ? answerAfter(10) : atOnce)],
    });
    assert.equal(held.result.streamsGaveUp, 1);
    assert.equal(held.finished.length, 2 * failuresToGiveUp);
  });
});

test('each request is sent once and in order, however far the idle work is behind', async () => {
  /** One job a turn. */
  const waiting: (() => void)[] = [];
  const slow: IdleQueue = {
    push(job) {
      waiting.push(job);
      setImmediate(() => waiting.shift()?.());
    },
  };
  const atOnce: Script = [[0, sent, headers(), token, done, ended]];
  const held = await holdStreams({
    streams: [(ordinal) => (ordinal < 6 ? atOnce : answerAfter(100))],
    idle: slow,
  });
  assert.deepEqual(
    held.sends.map(({ id }) => id),
    held.sends.map((_, ordinal) => `0-${ordinal}`),
  );
});

test('ten thousand requests one after another leave no timers and no listeners behind', async () => {
  const held = await holdStreams({ streams: [always(answerAfter(0.2))] });
  assert.ok(held.finished.length >= 10_000 - 1);
  assert.ok(held.mostPending <= 3, `${held.mostPending} timers at once`);
  assert.equal(held.pending, 0);
  assert.deepEqual(getEventListeners(held.stop, 'abort'), []);
});
