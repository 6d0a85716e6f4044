import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Exchange } from '../../lib/load/exchange.ts';
import type { AnswerListener } from '../../lib/target/target.ts';
import { type IdleQueue, idleQueue } from '../../lib/timing/idle-queue.ts';
import type { Ending } from '../../lib/timing/outcome.ts';
import { newReader } from '../target/told-stream.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import {
  bytes,
  comment,
  done,
  ended,
  fails,
  type Happening,
  headers,
  refused,
  reset,
  role,
  type Script,
  scriptedConnection,
  sent,
  silence,
  token,
} from './scripted-connection.ts';

const deadlines = { connectMs: 100, firstTokenMs: 300, idleMs: 200, totalMs: 1000 };
const stopped: Ending = { outcome: 'cancelled', detail: null, message: null };

/** What is seen of an exchange, in milliseconds since it began. */
interface Seen {
  readonly ending: string;
  readonly settledMs: number | null;
  readonly freeMs: number;
  /** When its socket was given up; null: never. */
  readonly abortedMs: number | null;
}

interface Setting {
  /** Cut at this time, as a stop cuts. */
  readonly cutAtMs?: number;
  /** The loop never finds time to read what has come. */
  readonly busy?: boolean;
}

async function see(script: Script, { cutAtMs, busy = false }: Setting = {}): Promise<Seen> {
  const clock = virtualClock();
  const startUs = clock.nowUs();
  const inMs = (us: number | null | undefined) => (us === null || us === undefined ? null : (us - startUs) / 1000);
  const connection = scriptedConnection(clock, () => script);
  const idle: IdleQueue = busy ? { push() {} } : idleQueue(clock);
  const flights: number[] = [];
  const exchange = new Exchange({
    connection,
    request: { id: 'r', headers: {}, body: '{}' },
    reader: newReader(),
    clock,
    idle,
    deadlines,
    onFlight: (change) => void flights.push(change),
  });
  if (cutAtMs !== undefined) clock.callAt(startUs + cutAtMs * 1000, () => exchange.cut(stopped));
  const { answer, sentUs, settledUs, freeUs } = await clock.runUntilSettled(exchange.done);
  assert.deepEqual(flights, sentUs === null ? [] : [1, -1], 'what entered flight has left it, once');
  await clock.run();
  const { outcome, detail } = answer.ending;
  const ending = detail === null ? outcome : `${outcome}: ${detail}`;
  return { ending, settledMs: inMs(settledUs), freeMs: inMs(freeUs) ?? 0, abortedMs: inMs(connection.abortedUs[0]) };
}

/** Cut at a moment: settled, free and aborted then. */
const cutAt = (ending: string, atMs: number): Seen => ({ ending, settledMs: atMs, freeMs: atMs, abortedMs: atMs });

const every = (stepMs: number, lastMs: number, ...happenings: Happening[]): Script =>
  Array.from({ length: Math.floor(lastMs / stepMs) }, (_, index) => [(index + 1) * stepMs, ...happenings] as const);

const json = { 'content-type': 'application/json' };
const whole = '{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}]}';

const deadlineRows: readonly (readonly [why: string, script: Script, seen: Seen, setting?: Setting])[] = [
  ['connect: no socket', [], { ending: 'timeout: connect', settledMs: null, freeMs: 100, abortedMs: 100 }],
  ['connect counts from the beginning, the others from the send', [[60, sent]], cutAt('timeout: first_token', 360)],
  ['first token: no headers; silence before the first byte is not idle', silence, cutAt('timeout: first_token', 300)],
  ['first token: headers are none', [...silence, [250, headers()]], cutAt('timeout: first_token', 300)],
  ['first token: a role is none', [...silence, [150, headers(), role]], cutAt('timeout: first_token', 300)],
  [
    'first token: comments do not put it off',
    [...silence, [50, headers()], ...every(60, 600, comment)],
    cutAt('timeout: first_token', 300),
  ],
  [
    'first token: one that came in time counts, read or not',
    [...silence, [250, headers()], [299.999, token], [400, done, ended]],
    { ending: 'ok', settledMs: 400, freeMs: 400, abortedMs: null },
  ],
  [
    'first token: one that came in time counts though the loop was too busy to read it',
    [...silence, [250, headers()], [299, token]],
    cutAt('timeout: idle', 499),
    { busy: true },
  ],
  ['idle: nothing after the headers', [...silence, [10, headers()]], cutAt('timeout: idle', 210)],
  ['idle: nothing after a token', [...silence, [10, headers()], [40, token]], cutAt('timeout: idle', 240)],
  ['idle: a comment puts it off', [...silence, [10, headers(), token], [150, comment]], cutAt('timeout: idle', 350)],
  [
    'idle: any byte puts it off, half an event too',
    [...silence, [10, headers(), token], [150, bytes('da')], [300, bytes('ta')]],
    cutAt('timeout: idle', 500),
  ],
  [
    'idle: also of an answer that is no stream',
    [...silence, [10, headers(200, json)], [50, bytes(whole.slice(0, 9))]],
    cutAt('timeout: idle', 250),
  ],
  [
    'total: tokens do not put it off',
    [...silence, [10, headers()], ...every(150, 2000, token)],
    cutAt('timeout: total', 1000),
  ],
  [
    'total counts from the send',
    [[90, sent], [100, headers()], ...every(150, 2000, token)],
    cutAt('timeout: total', 1090),
  ],
  [
    'total before idle where both pass at once',
    [...silence, [10, headers()], ...every(100, 800, token)],
    cutAt('timeout: total', 1000),
  ],
  [
    'no first token is waited for where the answer turns out to be JSON',
    [...silence, [150, headers(200, json), bytes(whole.slice(0, 9))], [340, bytes(whole.slice(9)), ended]],
    { ending: 'ok', settledMs: 340, freeMs: 340, abortedMs: null },
  ],
  [
    'nor where it is an error',
    [...silence, [150, headers(500, json)], [340, bytes('{"error":{"message":"no"}}'), ended]],
    { ending: 'http_error', settledMs: 340, freeMs: 340, abortedMs: null },
  ],
];

describe('every deadline passes exactly on time', () => {
  for (const [why, script, seen, setting] of deadlineRows) {
    test(why, async () => assert.deepEqual(await see(script, setting), seen));
  }
});

const complete: Script = [...silence, [50, headers(), token], [100, done]];

const bodyRows: readonly (readonly [why: string, script: Script, seen: Seen, setting?: Setting])[] = [
  [
    'ends within it: settled at the terminal event, free at the end of the body',
    [...complete, [150, ended]],
    { ending: 'ok', settledMs: 100, freeMs: 150, abortedMs: null },
  ],
  [
    'stays open: free after 100 ms, the socket is given up',
    complete,
    { ending: 'ok', settledMs: 100, freeMs: 200, abortedMs: 200 },
  ],
  [
    'goes on with comments: they do not put it off',
    [...complete, ...every(30, 600, comment).filter(([atMs]) => atMs > 100)],
    { ending: 'ok', settledMs: 100, freeMs: 200, abortedMs: 200 },
  ],
  [
    'breaks: the answer is complete all the same, and no socket is left to give up',
    [...complete, [150, fails(reset)]],
    { ending: 'ok', settledMs: 100, freeMs: 150, abortedMs: null },
  ],
  [
    'ends within it though the loop is too busy to read: free at the end of the body',
    [...silence, [50, headers()], [100, token, done], [190, ended]],
    { ending: 'ok', settledMs: 100, freeMs: 190, abortedMs: null },
    { busy: true },
  ],
  [
    'is over after an error event too',
    [...silence, [100, headers(), bytes('data: {"error":{"message":"no","type":"overloaded"}}\n\n')]],
    { ending: 'stream_error: overloaded', settledMs: 100, freeMs: 200, abortedMs: 200 },
  ],
];

describe('when an answer is complete its body is given 100 ms', () => {
  for (const [why, script, seen, setting] of bodyRows) {
    test(why, async () => assert.deepEqual(await see(script, setting), seen));
  }
});

const cutRows: readonly (readonly [why: string, cutAtMs: number, script: Script, seen: Seen])[] = [
  [
    'before it was sent: it was never in flight',
    50,
    [],
    { ending: 'cancelled', settledMs: null, freeMs: 50, abortedMs: 50 },
  ],
  ['in mid-stream: it is cancelled', 150, [...silence, [50, headers(), token]], cutAt('cancelled', 150)],
  [
    'after the terminal event: it was ok, and its body is not waited for',
    150,
    complete,
    { ending: 'ok', settledMs: 100, freeMs: 150, abortedMs: 150 },
  ],
  [
    'after its end: nothing changes',
    150,
    [...silence, [100, headers(), token, done, ended]],
    { ending: 'ok', settledMs: 100, freeMs: 100, abortedMs: null },
  ],
];

describe('a request that is cut', () => {
  for (const [why, cutAtMs, script, seen] of cutRows) {
    test(why, async () => assert.deepEqual(await see(script, { cutAtMs }), seen));
  }

  test('in the moment in which it ends, its end unread: it was ok', async () => {
    const script: Script = [...silence, [100, headers(), token, done, ended]];
    const seen = await see(script, { cutAtMs: 100, busy: true });
    assert.deepEqual(seen, { ending: 'ok', settledMs: 100, freeMs: 100, abortedMs: null });
  });

  test('hears nothing any more, whatever its connection tells', async () => {
    const clock = virtualClock();
    const listeners: AnswerListener[] = [];
    const flights: number[] = [];
    const exchange = new Exchange({
      connection: {
        async open() {},
        send(_, listener) {
          listeners.push(listener);
          return () => {};
        },
        async close() {},
      },
      request: { id: 'r', headers: {}, body: '{}' },
      reader: newReader(),
      clock,
      idle: idleQueue(clock),
      deadlines,
      onFlight: (change) => void flights.push(change),
    });
    exchange.cut(stopped);
    const before = await exchange.done;
    const [listener] = listeners;
    assert.ok(listener);
    const told = [sent, headers(), token, done, ended, fails(reset)];
    for (const happening of told) happening(listener, clock.nowUs());
    exchange.cut({ outcome: 'timeout', detail: 'drain', message: null });
    assert.equal(clock.pending(), 0);
    await clock.run();
    assert.deepEqual(flights, []);
    assert.deepEqual(await exchange.done, before);
    assert.deepEqual(before.answer.ending, stopped);
    assert.equal(before.answer.httpStatus, null);
  });
});

describe('a connection that fails while a request is handed to it', () => {
  test('before it was sent: settled at once, never in flight', async () => {
    const seen = await see([[0, fails(refused)]]);
    assert.deepEqual(seen, { ending: 'connect_error: ECONNREFUSED', settledMs: null, freeMs: 0, abortedMs: null });
  });
  test('after it was sent: in flight for no time', async () => {
    const seen = await see([[0, sent, fails(reset)]]);
    assert.deepEqual(seen, { ending: 'truncated: ECONNRESET', settledMs: 0, freeMs: 0, abortedMs: null });
  });
});
