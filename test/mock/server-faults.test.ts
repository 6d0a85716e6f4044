import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { faults } from '../../lib/mock/faults.ts';
import type { JournalEntry } from '../../lib/mock/journal.ts';
import type { QueueModel } from '../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../lib/mock/server.ts';
import { hostileText } from '../../lib/mock/word-list.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { ask, chatBody, type SeenAnswer } from './http-client.ts';

const model: QueueModel = {
  slots: 4,
  queueLimit: null,
  prefillBaseMs: 3,
  prefillPerTokenMs: 0,
  stepBaseMs: 2,
  stepPerSlotMs: 0,
  jitter: 0,
};
const outputTokens = 6;

interface Row {
  readonly fault: string;
  readonly why: string;
  /** Goes into the body of the request. */
  readonly rest?: Readonly<Record<string, unknown>>;
  /** The answer never ends: it is looked at when a later request has been answered. */
  readonly open?: true;
  readonly check: (seen: SeenAnswer, entry: JournalEntry) => void;
}

const dataLines = (seen: SeenAnswer) => seen.text.split('\n\n').filter((event) => event.startsWith('data: '));
const words = (seen: SeenAnswer): string[] =>
  dataLines(seen)
    .filter((line) => line.includes('"content":') && !line.includes('"role"'))
    .map((line) => JSON.parse(line.slice('data: '.length)).choices[0].delta.content);
const errorOf = (seen: SeenAnswer) => JSON.parse(seen.text).error;

function isWhole(seen: SeenAnswer): void {
  assert.equal(seen.end, 'clean');
  assert.equal(words(seen).length, outputTokens);
}

const rows: readonly Row[] = [
  {
    fault: 'throttled=7',
    why: '429, retry-after, an error body',
    check(seen) {
      assert.deepEqual([seen.status, seen.headers['retry-after'], seen.end], [429, '7', 'clean']);
      assert.equal(errorOf(seen).code, 'rate_limit_exceeded');
    },
  },
  {
    fault: 'error_500',
    why: 'an error body',
    check(seen) {
      assert.equal(seen.status, 500);
      assert.equal(errorOf(seen).type, 'server_error');
    },
  },
  {
    fault: 'error_503',
    why: 'an error body',
    check(seen) {
      assert.equal(seen.status, 503);
      assert.match(errorOf(seen).message, /overloaded/);
    },
  },
  {
    fault: 'hostile_error',
    why: 'markup and escapes reach the client as they are',
    check(seen) {
      assert.equal(seen.status, 400);
      for (const text of hostileText) assert.ok(errorOf(seen).message.includes(text));
    },
  },
  {
    fault: 'echo_key',
    why: 'the whole key stands in the message',
    check(seen) {
      assert.equal(seen.status, 401);
      assert.match(errorOf(seen).message, /Bearer sk-test-secret/);
    },
  },
  {
    fault: 'html',
    why: '200 with a page',
    check(seen, entry) {
      assert.deepEqual([seen.status, seen.headers['content-type']], [200, 'text/html; charset=utf-8']);
      assert.match(seen.text, /^<!doctype html>/);
      assert.equal(entry.streamed, false);
    },
  },
  {
    fault: 'refuse_stream_options',
    why: '400 names the parameter',
    rest: { stream_options: { include_usage: true } },
    check(seen) {
      assert.equal(seen.status, 400);
      assert.match(errorOf(seen).message, /stream_options/);
    },
  },
  { fault: 'refuse_stream_options', why: 'without them all is well', check: isWhole },
  {
    fault: 'hang_before_headers',
    why: 'no byte comes',
    open: true,
    check(seen, entry) {
      assert.deepEqual([seen.status, seen.text, seen.end], [null, '', null]);
      assert.equal(entry.headersUs, null);
    },
  },
  {
    fault: 'reset_before_headers',
    why: 'ECONNRESET, no status',
    check(seen, entry) {
      assert.deepEqual([seen.status, seen.end], [null, 'broken']);
      assert.match(seen.error ?? '', /ECONNRESET/);
      assert.equal(entry.ending, 'broken');
    },
  },
  {
    fault: 'slow_headers=40',
    why: 'the answer is whole, but late',
    check(seen, entry) {
      isWhole(seen);
      assert.ok((entry.headersUs ?? 0) - entry.arrivalUs >= 40_000);
    },
  },
  {
    fault: 'stream_error',
    why: 'half of the tokens, an error event, a clean end without [DONE]',
    check(seen) {
      assert.deepEqual([seen.status, seen.end, words(seen).length], [200, 'clean', 3]);
      const last = dataLines(seen).at(-1) ?? '';
      assert.equal(JSON.parse(last.slice('data: '.length)).error.type, 'server_error');
    },
  },
  {
    fault: 'stream_error=0',
    why: 'the error is the first event',
    check(seen) {
      assert.equal(dataLines(seen).length, 1);
      assert.match(seen.text, /^data: \{"error":/);
    },
  },
  {
    fault: 'truncated',
    why: 'half of the tokens, then the connection is closed',
    check(seen, entry) {
      assert.deepEqual([seen.status, seen.end, words(seen).length], [200, 'broken', 3]);
      assert.match(seen.error ?? '', /aborted/);
      assert.deepEqual([entry.ending, entry.outputTokens, entry.finishedUs], ['broken', 3, null]);
    },
  },
  {
    fault: 'truncated=99',
    why: 'beyond the answer: all tokens, but no finish',
    check(seen) {
      assert.deepEqual([seen.end, words(seen).length], ['broken', outputTokens]);
      assert.doesNotMatch(seen.text, /"finish_reason":"|\[DONE\]/);
    },
  },
  {
    fault: 'reset_mid_stream=2',
    why: 'two tokens, then ECONNRESET',
    check(seen) {
      assert.deepEqual([seen.status, seen.end], [200, 'broken']);
      assert.equal(words(seen).length, 2);
      assert.match(seen.error ?? '', /ECONNRESET/);
    },
  },
  {
    fault: 'stall=2',
    why: 'two tokens, then silence on an open connection',
    open: true,
    check(seen, entry) {
      assert.deepEqual([seen.status, seen.end, words(seen).length], [200, null, 2]);
      assert.deepEqual([entry.outputTokens, entry.ending], [2, null]);
    },
  },
  {
    fault: 'not_streamed',
    why: 'JSON with usage',
    check(seen, entry) {
      assert.equal(seen.headers['content-type'], 'application/json');
      assert.equal(JSON.parse(seen.text).usage.completion_tokens, outputTokens);
      assert.equal(entry.streamed, false);
    },
  },
  {
    fault: 'buffered',
    why: 'one read, when the last token is made',
    check(seen, entry) {
      isWhole(seen);
      assert.equal(seen.reads, 1);
      assert.ok((entry.headersUs ?? 0) - (entry.admittedUs ?? 0) >= 12_900);
    },
  },
  {
    fault: 'no_usage',
    why: 'asked for in vain',
    rest: { stream_options: { include_usage: true } },
    check(seen) {
      isWhole(seen);
      assert.doesNotMatch(seen.text, /usage/);
    },
  },
  {
    fault: 'no_done',
    why: 'a finish reason and a clean end',
    check(seen) {
      isWhole(seen);
      assert.match(seen.text, /"finish_reason":"length"/);
      assert.doesNotMatch(seen.text, /\[DONE\]/);
    },
  },
  {
    fault: 'held_open',
    why: 'the answer is over, the body is not',
    open: true,
    check(seen, entry) {
      assert.equal(words(seen).length, outputTokens);
      assert.match(seen.text, /data: \[DONE\]\n\n$/);
      assert.equal(seen.end, null);
      assert.equal(entry.ending, 'finished');
    },
  },
  {
    fault: 'comments=2',
    why: 'comment lines from the headers to the end, none within an event',
    check(seen) {
      isWhole(seen);
      assert.match(seen.text, /^: keep-alive\n\n/);
      assert.ok(seen.text.split('\n\n').filter((event) => event === ': keep-alive').length >= 2);
    },
  },
  {
    fault: 'hostile_words',
    why: 'markup and escapes are the words, in valid JSON',
    check(seen) {
      isWhole(seen);
      for (const word of words(seen)) assert.ok((hostileText as readonly string[]).includes(word.replace(/^ /, '')));
    },
  },
  {
    fault: 'connection_close, no_done',
    why: 'faults together: the header is there, and the ending is not',
    check(seen) {
      isWhole(seen);
      assert.equal(seen.headers['connection'], 'close');
      assert.doesNotMatch(seen.text, /\[DONE\]/);
    },
  },
];

describe('faults on demand, over a socket', { timeout: 20_000 }, () => {
  let server: MockServer;
  before(async () => {
    server = await startMockServer({ clock: systemClock(), model, seed: 1 });
  });
  after(() => server.close());

  rows.forEach(({ fault, why, rest, open, check }, index) => {
    test(`${fault}: ${why}`, async () => {
      const id = `request-${index}`;
      const body = chatBody(2, { max_tokens: outputTokens, ...rest });
      const headers = { 'x-request-id': id, 'x-mock-fault': fault, authorization: 'Bearer sk-test-secret' };
      const asked = ask(server.port, { body, headers });
      if (open) {
        // Enough time for the whole of it, told by answers of the same length that were asked for later.
        await arrived(server, id);
        for (let i = 0; i < 2; i++) await ask(server.port, { body: chatBody(2, { max_tokens: outputTokens }) }).over;
      } else await asked.over;
      check(asked.seen, server.journal.get(id) ?? assert.fail('not in the journal'));
      const named = fault.split(',').map((item) => item.trim().split('=')[0]);
      assert.deepEqual(server.journal.get(id)?.faults, named);
      asked.leave();
    });
  });

  test('an unknown fault is refused with the list of those there are', async () => {
    const seen = await ask(server.port, { body: chatBody(1), headers: { 'x-mock-fault': 'nonsense' } }).over;
    assert.equal(seen.status, 400);
    for (const kind of Object.keys(faults)) assert.ok(errorOf(seen).message.includes(kind));
  });

  test('no fault leaves a slot held', async () => {
    const held = async () => JSON.parse((await ask(server.port, { path: '/health', method: 'GET' }).over).text).held;
    while ((await held()) > 0);
  });
});

async function arrived(server: MockServer, id: string): Promise<void> {
  while (server.journal.get(id) === null) await new Promise<void>((resolve) => setImmediate(resolve));
}

test('each fault has a row here, and a line of documentation', () => {
  const tested = new Set(rows.flatMap(({ fault }) => fault.split(',').map((item) => item.trim().split('=')[0])));
  for (const [kind, { doc }] of Object.entries(faults)) {
    assert.ok(tested.has(kind), `${kind} is not tested`);
    assert.match(doc, /^[A-Z0-9].*\.$/);
  }
});

test('buffered: headers and body reach the client in one read', async (context) => {
  const server = await startMockServer({
    clock: systemClock(),
    model,
    seed: 1,
    faults: [{ kind: 'buffered', share: 1 }],
  });
  context.after(() => server.close());
  const socket = connect(server.port, '127.0.0.1');
  const body = chatBody(1, { max_tokens: outputTokens });
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  const [read] = await once(socket, 'data');
  assert.match(`${read}`, /^HTTP\/1\.1 200 OK\r\n.*data: \[DONE\]/s);
  socket.destroy();
});

test('connection_close opens a connection for each answer', async (context) => {
  const server = await startMockServer({
    clock: systemClock(),
    model,
    seed: 1,
    faults: [{ kind: 'connection_close', share: 1 }],
  });
  context.after(() => server.close());
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = [];
  for (let i = 0; i < 3; i++) ports.push((await ask(server.port, { body: chatBody(1), agent }).over).port);
  assert.equal(new Set(ports).size, 3);
});

test('a share of requests meets its fault, the others do not', async (context) => {
  const server = await startMockServer({
    clock: systemClock(),
    model,
    seed: 1,
    faults: [{ kind: 'error_500', share: 0.4 }],
  });
  context.after(() => server.close());
  const send = (_: unknown, i: number) =>
    ask(server.port, { body: chatBody(1, { max_tokens: 1 }), headers: { 'x-request-id': `r${i}` } }).over;
  const all = await Promise.all(Array.from({ length: 40 }, send));
  const failed = all.filter(({ status }) => status === 500).length;
  assert.equal(failed, server.journal.entries().filter((entry) => entry.faults.length === 1).length);
  assert.ok(failed > 6 && failed < 28, `${failed} of 40`);
  assert.ok(all.every(({ status }) => status === 500 || status === 200));
});
