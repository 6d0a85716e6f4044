import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { closedForm } from '../../lib/mock/closed-form.ts';
import { mockEndpoint } from '../../lib/mock/endpoint.ts';
import type { JournalEntry } from '../../lib/mock/journal.ts';
import type { QueueModel } from '../../lib/mock/queue-model.ts';
import { type MockServerOptions, startMockServer } from '../../lib/mock/server.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { ask, chatBody } from './http-client.ts';
import { recordingSink, textOf } from './recording-sink.ts';

const model: QueueModel = {
  slots: 4,
  queueLimit: null,
  prefillBaseMs: 5,
  prefillPerTokenMs: 0,
  stepBaseMs: 2,
  stepPerSlotMs: 0,
  jitter: 0,
};

async function setUp(context: TestContext, options: Partial<MockServerOptions> = {}) {
  const server = await startMockServer({ clock: systemClock(), model, seed: 1, ...options });
  context.after(() => server.close());
  return server;
}

const get = async (port: number, path: string, headers = {}) => ask(port, { path, method: 'GET', headers }).over;

test('over a socket come the very bytes that come in process', async (context) => {
  const nowEpochMs = () => Date.UTC(2026, 0, 1);
  const { port } = await setUp(context, { clock: { ...systemClock(), nowEpochMs } });
  for (const rest of [{ max_tokens: 5, stream_options: { include_usage: true } }, { stream: false }]) {
    const body = chatBody(3, rest);
    const headers = { 'x-request-id': 'same' };
    const seen = await ask(port, { body, headers }).over;
    const clock = virtualClock(nowEpochMs());
    const { sink, recording } = recordingSink(clock, clock.nowUs());
    mockEndpoint({ clock, model, seed: 1 }).answer({ body, headers }, sink);
    await clock.run();
    assert.equal(seen.end, 'clean');
    assert.equal(seen.text, textOf(recording));
    for (const [name, value] of Object.entries(recording.headers)) assert.equal(seen.headers[name], value);
  }
});

test('headers are flushed on arrival and tokens as they are made', { timeout: 10_000 }, async (context) => {
  const { port, endpoint } = await setUp(context, { model: { ...model, slots: 1, prefillBaseMs: 40 } });
  const first = ask(port, { body: chatBody(1, { max_tokens: 2 }) });
  await first.begun;
  const second = ask(port, { body: chatBody(1, { max_tokens: 1 }) });
  while (second.seen.status === null) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(endpoint.engine.queued(), 1);
  assert.equal(second.seen.text, '');
  const { reads } = await first.over;
  assert.ok(reads >= 3, `${reads} reads`);
  await second.over;
});

test('a connection is kept and used again', async (context) => {
  const { port } = await setUp(context);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  context.after(() => agent.destroy());
  const ports: (number | null)[] = [];
  for (const rest of [{}, { stream: false }, { n: 2 }, {}]) {
    ports.push((await ask(port, { body: chatBody(1, { max_tokens: 2, ...rest }), agent }).over).port);
  }
  assert.equal(new Set(ports).size, 1);
});

describe('a client that leaves', () => {
  for (const [why, prefillBaseMs] of [
    ['in the middle of its answer', 1],
    ['before its first token', 60_000],
  ] as const) {
    test(`${why} frees its slot`, { timeout: 10_000 }, async (context) => {
      const { port, journal } = await setUp(context, { model: { ...model, slots: 1, prefillBaseMs } });
      const first = ask(port, { body: chatBody(1, { max_tokens: 100_000 }), headers: { 'x-request-id': 'left' } });
      await first.begun;
      const second = ask(port, { body: chatBody(1, { max_tokens: 1 }), headers: { 'x-request-id': 'next' } });
      first.leave();
      await second.begun;
      assert.equal(journal.get('left')?.ending, 'cancelled');
      assert.notEqual(journal.get('next')?.admittedUs, null);
      second.leave();
    });
  }
});

describe('the journal over HTTP', () => {
  test('times rise within an answer and follow the order of arrival; ids are those of the requests', async (context) => {
    const { port } = await setUp(context, { model: { ...model, slots: 2 } });
    const sentUs: number[] = [];
    const all = [];
    for (const id of ['a/1', 'b', 'c', 'd']) {
      sentUs.push(systemClock().nowUs());
      const asked = ask(port, { body: chatBody(2, { max_tokens: 6 }), headers: { 'x-request-id': id } });
      all.push(asked.over);
      // These two hold the slots; the others wait, and may reach the server in either order.
      if (id === 'a/1' || id === 'b') await asked.begun;
    }
    await Promise.all(all);
    const seen = await get(port, '/journal');
    assert.equal(seen.headers['content-type'], 'application/x-ndjson');
    const entries: JournalEntry[] = seen.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      entries.slice(0, 2).map(({ requestId }) => requestId),
      ['a/1', 'b'],
    );
    assert.deepEqual(entries.map(({ requestId }) => requestId).sort(), ['a/1', 'b', 'c', 'd']);
    let lastAdmittedUs = 0;
    for (const [index, entry] of entries.entries()) {
      const { arrivalUs, admittedUs, headersUs, finishedUs, sendUs } = entry;
      const rising = [arrivalUs, headersUs ?? Number.NaN, ...sendUs, finishedUs ?? Number.NaN];
      assert.deepEqual(
        rising,
        rising.toSorted((x, y) => x - y),
      );
      assert.ok(rising.every(Number.isSafeInteger));
      assert.ok(arrivalUs >= (sentUs[Math.min(index, 2)] ?? Number.NaN));
      assert.ok((admittedUs ?? 0) >= arrivalUs);
      // On a busy machine the timers of two slots fire in either order, and so those that wait for them may be swapped.
      if (index < 2) lastAdmittedUs = Math.max(lastAdmittedUs, admittedUs ?? 0);
      else assert.ok((admittedUs ?? 0) > lastAdmittedUs, 'who waits is admitted after those that hold the slots');
      assert.ok((sendUs[0] ?? 0) - (admittedUs ?? 0) >= 5000 - 1);
      assert.deepEqual([sendUs.length, entry.outputTokens, entry.inputTokens, entry.ending], [6, 6, 2, 'finished']);
    }
    assert.deepEqual(JSON.parse((await get(port, `/journal/${encodeURIComponent('a/1')}`)).text), entries[0]);
    assert.equal((await get(port, '/journal/nobody')).status, 404);
  });

  test('entries are appended to a file as answers end, each once', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'mock-journal-'));
    context.after(() => rm(folder, { recursive: true }));
    const path = join(folder, 'journal.ndjson');
    const server = await startMockServer({ clock: systemClock(), model, seed: 1, journalFile: path });
    const asked = ask(server.port, { body: chatBody(1, { max_tokens: 100_000 }), headers: { 'x-request-id': 'open' } });
    await asked.begun;
    await ask(server.port, { body: chatBody(1, { max_tokens: 2 }), headers: { 'x-request-id': 'done' } }).over;
    await server.close();
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const endings = lines.map((line) => JSON.parse(line)).map(({ requestId, ending }) => `${requestId} ${ending}`);
    assert.deepEqual(endings, ['done finished', 'open cancelled']);
    await assert.rejects(
      startMockServer({ clock: systemClock(), model, seed: 1, journalFile: join(path, 'x') }),
      /ENOTDIR/,
    );
  });
});

describe('what else it answers', () => {
  const rows = [
    { path: '/health', status: 200, text: /^\{"status":"ok","held":0,"queued":0,"dropped":0\}$/ },
    { path: '/v1/models', status: 401, text: /didn't provide an API key/ },
    { path: '/v1/models', headers: { authorization: 'Bearer k' }, status: 200, text: /"data":\[\{"id":"my-model"/ },
    { path: '/v1/nothing', status: 404, text: /Invalid URL \(GET \/v1\/nothing\)/ },
    { path: '/v1/chat/completions', status: 405, text: /Not allowed to GET/ },
    { path: '/v1/models', method: 'DELETE', status: 404, text: /Invalid URL \(DELETE/ },
  ];
  for (const { path, status, text, ...rest } of rows) {
    test(`${rest.method ?? 'GET'} ${path} → ${status}`, async (context) => {
      const { port } = await setUp(context, { apiKey: 'k', modelName: 'my-model' });
      const seen = await ask(port, { path, method: 'GET', ...rest }).over;
      assert.equal(seen.status, status);
      assert.match(seen.text, text);
    });
  }

  for (const path of ['/serving-endpoints/mine/invocations', '/chat/completions', '/v1/chat/completions?x=1']) {
    test(`chat completions at ${path}`, async (context) => {
      const { port } = await setUp(context);
      assert.match((await ask(port, { path, body: chatBody(1, { max_tokens: 1 }) }).over).text, /\[DONE\]/);
    });
  }
});

test('a body beyond 32 MiB is thrown away and refused', async (context) => {
  const { port } = await setUp(context);
  const seen = await ask(port, { body: ' '.repeat(33 * 2 ** 20) }).over;
  assert.equal(seen.status, 413);
});

test('a taken port is told, and closing breaks open answers and frees the port at once', async () => {
  const clock = systemClock();
  const server = await startMockServer({ clock, model, seed: 1 });
  await assert.rejects(startMockServer({ clock, model, seed: 1, port: server.port }), /EADDRINUSE/);
  assert.equal(server.url, `http://127.0.0.1:${server.port}/v1`);
  const asked = ask(server.port, { body: chatBody(1, { max_tokens: 100_000 }) });
  await asked.begun;
  const startUs = clock.nowUs();
  await server.close();
  assert.ok(clock.nowUs() - startUs < 2e6);
  assert.equal((await asked.over).end, 'broken');
  assert.equal(server.endpoint.engine.held(), 0);
  const again = await startMockServer({ clock, model, seed: 1, port: server.port });
  await again.close();
});

test('in real time throughput comes near the closed form and never above it', async (context) => {
  const { port, journal } = await setUp(context);
  const agent = new Agent({ keepAlive: true });
  context.after(() => agent.destroy());
  const lengths = { inputTokens: 1, outputTokens: 60 };
  const stream = async () => {
    for (let round = 0; round < 4; round++) await ask(port, { body: chatBody(1, { max_tokens: 60 }), agent }).over;
  };
  await Promise.all(Array.from({ length: 8 }, stream));
  const entries = journal.entries();
  const firstUs = Math.min(...entries.map(({ arrivalUs }) => arrivalUs));
  const lastUs = Math.max(...entries.map(({ finishedUs }) => finishedUs ?? Number.NaN));
  const perSecond = (8 * 4 * 60 * 1e6) / (lastUs - firstUs);
  const known = closedForm(model, lengths, 8).outputTokensPerSecond;
  assert.ok(perSecond < known * 1.01 && perSecond > known * 0.5, `${perSecond} tokens/s against ${known}`);
});
