import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type MockEndpointOptions, mockEndpoint } from '../../lib/mock/endpoint.ts';
import type { QueueModel } from '../../lib/mock/queue-model.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { chatBody } from './http-client.ts';
import { recordingSink, textOf } from './recording-sink.ts';

const model: QueueModel = {
  slots: 1,
  queueLimit: null,
  prefillBaseMs: 10,
  prefillPerTokenMs: 1,
  stepBaseMs: 5,
  stepPerSlotMs: 0,
  jitter: 0,
};

function setUp(options: Partial<MockEndpointOptions> = {}) {
  const clock = virtualClock();
  const originUs = clock.nowUs();
  const endpoint = mockEndpoint({ clock, model, seed: 1, ...options });
  const send = (body: string, headers: Record<string, string> = {}) => {
    const { sink, recording } = recordingSink(clock, originUs);
    const leave = endpoint.answer({ headers, body }, sink);
    return { recording, leave };
  };
  return { clock, originUs, endpoint, send };
}

describe('a stream in process', () => {
  test('headers at once, the role with the slot, then a chunk per token at the times of the model', async () => {
    const { clock, send } = setUp();
    const first = send(chatBody(5, { max_tokens: 3 }));
    const second = send(chatBody(5, { max_tokens: 2 }));
    await clock.run();
    const times = ({ recording }: typeof first) => recording.chunks.map(({ atUs }) => atUs);
    assert.equal(first.recording.headersUs, 0);
    assert.deepEqual(times(first), [0, 15_000, 20_000, 25_000, 25_000, 25_000]);
    assert.equal(second.recording.headersUs, 0);
    assert.deepEqual(times(second), [25_000, 40_000, 45_000, 45_000, 45_000]);
    assert.equal(second.recording.end, 'ended');
  });

  test('each event is one line of data and a blank line; deltas spell the answer, one word a token', async () => {
    const { clock, send } = setUp();
    const { recording } = send(chatBody(5, { max_tokens: 4, stream_options: { include_usage: true } }), {
      'x-request-id': 'r1',
    });
    await clock.run();
    const lines = textOf(recording).split('\n\n');
    assert.equal(lines.pop(), '');
    assert.equal(lines.pop(), 'data: [DONE]');
    const events = lines.map((line) => JSON.parse(line.replace(/^data: /, '')));
    for (const event of events) {
      assert.deepEqual(Object.keys(event), ['id', 'object', 'created', 'model', 'choices', 'usage']);
      assert.equal(event.id, 'chatcmpl-r1');
      assert.equal(event.object, 'chat.completion.chunk');
      assert.equal(event.created, Date.UTC(2026, 0, 1) / 1000);
      assert.equal(event.model, 'any');
    }
    const [role, ...rest] = events;
    assert.deepEqual(role.choices[0].delta, { role: 'assistant', content: '', refusal: null });
    const usage = rest.pop();
    assert.deepEqual(usage.choices, []);
    assert.equal(usage.usage.prompt_tokens, 5);
    assert.equal(usage.usage.completion_tokens, 4);
    assert.equal(usage.usage.total_tokens, 9);
    const finish = rest.pop();
    assert.deepEqual(finish.choices[0], { index: 0, delta: {}, logprobs: null, finish_reason: 'length' });
    assert.deepEqual(
      rest.map((event) => event.choices[0].finish_reason),
      [null, null, null, null],
    );
    assert.deepEqual(
      [role, ...rest, finish].map((event) => event.usage),
      [null, null, null, null, null, null],
    );
    const text = rest.map((event) => event.choices[0].delta.content).join('');
    assert.match(text, /^\w+( \w+){3}$/);
  });

  test('without include_usage no chunk speaks of usage', async () => {
    const { clock, send } = setUp();
    const { recording } = send(chatBody(5));
    await clock.run();
    assert.doesNotMatch(textOf(recording), /usage/);
  });
});

test('not streamed, the whole answer comes when its last token is made, with usage', async () => {
  const { clock, send, endpoint } = setUp();
  const { recording } = send(chatBody(5, { stream: false, max_tokens: 3 }), { 'x-request-id': 'r1' });
  await clock.run();
  assert.deepEqual([recording.status, recording.headersUs, recording.endUs], [200, 25_000, 25_000]);
  assert.equal(recording.headers['content-length'], String(Buffer.byteLength(textOf(recording))));
  const answer = JSON.parse(textOf(recording));
  assert.equal(answer.object, 'chat.completion');
  assert.match(answer.choices[0].message.content, /^\w+ \w+ \w+$/);
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.deepEqual([answer.usage.prompt_tokens, answer.usage.completion_tokens], [5, 3]);
  const entry = endpoint.journal.get('r1');
  assert.deepEqual([entry?.sendUs, entry?.outputTokens, entry?.streamed], [[], 3, false]);
});

test('answers end by themselves at their natural length, unless ignore_eos is asked for', async () => {
  const { clock, send, endpoint } = setUp({ naturalLength: 2 });
  const rows = [
    { rest: { max_tokens: 5 }, tokens: 2, reason: 'stop' },
    { rest: { max_tokens: 2 }, tokens: 2, reason: 'length' },
    { rest: { max_tokens: 5, ignore_eos: true }, tokens: 5, reason: 'length' },
  ];
  for (const [index, { rest, tokens, reason }] of rows.entries()) {
    const { recording } = send(chatBody(1, rest), { 'x-request-id': `${index}` });
    await clock.run();
    assert.match(textOf(recording), new RegExp(`"finish_reason":"${reason}"`));
    assert.equal(endpoint.journal.get(`${index}`)?.outputTokens, tokens);
  }
});

test('the same seed and id give the same answer; requests without an id are numbered, long ids cut', async () => {
  const answer = async (seed: number, id: string) => {
    const { clock, send } = setUp({ seed });
    const { recording } = send(chatBody(1), { 'x-request-id': id });
    await clock.run();
    return textOf(recording);
  };
  assert.equal(await answer(1, 'a'), await answer(1, 'a'));
  const texts = await Promise.all([1, 2, 3, 4, 5].map((seed) => answer(seed, 'a')));
  assert.ok(new Set(texts).size > 1);
  const { clock, send, endpoint } = setUp();
  send(chatBody(1));
  send(chatBody(1), { 'x-request-id': '' });
  send(chatBody(1), { 'x-request-id': 'x'.repeat(300) });
  await clock.run();
  assert.deepEqual(
    endpoint.journal.entries().map(({ requestId }) => requestId),
    ['mock-1', 'mock-2', 'x'.repeat(200)],
  );
});

describe('the journal tells the truth of each answer', () => {
  test('arrival, slot, headers, each token and the end, as they were handed over', async () => {
    const { clock, originUs, send, endpoint } = setUp();
    send(chatBody(5, { max_tokens: 2 }), { 'x-request-id': 'a' });
    send(chatBody(7, { max_tokens: 2 }), { 'x-request-id': 'b' });
    await clock.run();
    assert.deepEqual(endpoint.journal.get('b'), {
      schema: 'paretoken.mock-journal.v1',
      requestId: 'b',
      arrivalUs: originUs,
      admittedUs: originUs + 20_000,
      status: 200,
      headersUs: originUs,
      sendUs: [originUs + 37_000, originUs + 42_000],
      finishedUs: originUs + 42_000,
      inputTokens: 7,
      outputTokens: 2,
      streamed: true,
      faults: [],
      ending: 'finished',
    });
  });

  test('a client that leaves frees its slot and is written down as cancelled', async () => {
    const { clock, originUs, send, endpoint } = setUp();
    const first = send(chatBody(5, { max_tokens: 50 }), { 'x-request-id': 'a' });
    const second = send(chatBody(5, { max_tokens: 1 }), { 'x-request-id': 'b' });
    await clock.advanceTo(originUs + 22_000);
    first.leave();
    await clock.run();
    const left = endpoint.journal.get('a');
    assert.deepEqual([left?.ending, left?.outputTokens, left?.finishedUs], ['cancelled', 2, null]);
    assert.equal(first.recording.end, null);
    assert.equal(endpoint.journal.get('b')?.admittedUs, originUs + 22_000);
    second.leave();
    assert.equal(endpoint.journal.get('b')?.ending, 'finished');
  });

  test('a buffered answer has left when it left, not when it was made', async () => {
    const { clock, originUs, send, endpoint } = setUp({ faults: [{ kind: 'buffered', share: 1 }] });
    const { recording } = send(chatBody(5, { max_tokens: 3 }), { 'x-request-id': 'a' });
    await clock.run();
    assert.deepEqual([recording.headersUs, recording.chunks.length], [25_000, 1]);
    assert.deepEqual(endpoint.journal.get('a')?.sendUs, Array(3).fill(originUs + 25_000));
  });

  test('a refused request is there too, with its status and no counts', () => {
    const { send, endpoint } = setUp();
    send('{', { 'x-request-id': 'a' });
    const entry = endpoint.journal.get('a');
    assert.deepEqual([entry?.status, entry?.inputTokens, entry?.ending], [400, null, 'finished']);
  });
});

test('beyond the limit of the queue: 429 with retry-after, and nothing was sent before', async () => {
  const { clock, send } = setUp({ model: { ...model, queueLimit: 1 } });
  const all = [1, 2, 3].map(() => send(chatBody(1)));
  assert.deepEqual(
    all.map(({ recording }) => recording.status),
    [200, 200, 429],
  );
  const refused = all[2]?.recording;
  assert.equal(refused?.headers['retry-after'], '1');
  assert.equal(JSON.parse(refused ? textOf(refused) : '').error.code, 'rate_limit_exceeded');
  await clock.run();
});

describe('the key', () => {
  const rows = [
    { why: 'none', authorization: undefined, status: 401, message: /didn't provide an API key/ },
    { why: 'wrong', authorization: 'Bearer sk-wrong-and-long', status: 401, message: /sk-\*{8}long\./ },
    { why: 'short: nothing of it is repeated', authorization: 'Bearer short', status: 401, message: /: \*{5}\./ },
    { why: 'right', authorization: 'Bearer sk-right', status: 200, message: null },
  ];
  for (const { why, authorization, status, message } of rows) {
    test(why, () => {
      const { send } = setUp({ apiKey: 'sk-right' });
      const { recording } = send(chatBody(1), authorization === undefined ? {} : { authorization });
      assert.equal(recording.status, status);
      if (message) assert.match(JSON.parse(textOf(recording)).error.message, message);
    });
  }
});

describe('faults of answers that are not streamed', () => {
  const whole = (fault: string) => {
    const { clock, send } = setUp();
    const { recording } = send(chatBody(1, { stream: false, max_tokens: 4 }), { 'x-mock-fault': fault });
    return clock.run().then(() => recording);
  };
  test('a broken connection breaks the JSON text off in the middle', async () => {
    const recording = await whole('truncated');
    assert.deepEqual([recording.status, recording.end], [200, 'cut']);
    assert.ok(Number(recording.headers['content-length']) > textOf(recording).length);
    assert.equal((await whole('reset_mid_stream')).end, 'reset');
    assert.equal((await whole('stall')).end, null);
  });
  test('an error in mid-answer is a 500', async () => {
    assert.equal((await whole('stream_error')).status, 500);
  });
});

test('an answer that breaks before its first token gives its slot back at once', async () => {
  for (const fault of ['stream_error=0', 'truncated=0', 'stall=0']) {
    const { clock, endpoint, send } = setUp();
    const { recording } = send(chatBody(1), { 'x-mock-fault': fault });
    const { end, chunks } = structuredClone(recording);
    assert.equal(endpoint.engine.held(), 0);
    await clock.run();
    assert.deepEqual([recording.end, recording.chunks], [end, chunks]);
  }
});

test('slow headers: the server notices late, and a client that leaves before is never noticed', async () => {
  const { clock, endpoint, send } = setUp({ faults: [{ kind: 'slow_headers', share: 1, amount: 100 }] });
  const { recording } = send(chatBody(5, { max_tokens: 1 }));
  const { leave } = send(chatBody(5), { 'x-request-id': 'left' });
  leave();
  await clock.run();
  assert.deepEqual([recording.headersUs, recording.chunks[1]?.atUs], [100_000, 115_000]);
  const entry = endpoint.journal.get('left');
  assert.deepEqual([entry?.headersUs, entry?.ending], [null, 'cancelled']);
});
