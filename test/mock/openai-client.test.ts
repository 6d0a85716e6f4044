import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import OpenAI, { APIError, AuthenticationError, BadRequestError, InternalServerError, RateLimitError } from 'openai';
import type { QueueModel } from '../../lib/mock/queue-model.ts';
import { type MockServer, type MockServerOptions, startMockServer } from '../../lib/mock/server.ts';
import { systemClock } from '../../lib/timing/clock.ts';

const model: QueueModel = {
  slots: 1,
  queueLimit: null,
  prefillBaseMs: 1,
  prefillPerTokenMs: 0,
  stepBaseMs: 1,
  stepPerSlotMs: 0,
  jitter: 0,
};
const apiKey = 'sk-the-key-of-the-test';
const chat = {
  model: 'mock-1',
  messages: [{ role: 'user' as const, content: 'one two three' }],
  max_tokens: 5,
};

/** OpenAI's own client before a mock that demands its key. */
async function setUp(context: TestContext, options: Partial<MockServerOptions> = {}) {
  const server = await startMockServer({ clock: systemClock(), model, seed: 1, apiKey, ...options });
  context.after(() => server.close());
  return { server, client: clientOf(server, apiKey) };
}

function clientOf({ url }: MockServer, key: string): OpenAI {
  return new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0, timeout: 10_000 });
}

describe("OpenAI's client understands the mock", () => {
  test('a stream: role first, a word a chunk, the finish reason, then usage', async (context) => {
    const { client } = await setUp(context);
    const stream = await client.chat.completions.create({
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const [role, ...rest] = chunks;
    const usage = rest.pop();
    const finish = rest.pop();
    assert.deepEqual(role?.choices[0]?.delta, { role: 'assistant', content: '', refusal: null });
    assert.equal(rest.length, 5);
    for (const { choices, usage: none } of rest) {
      assert.match(choices[0]?.delta.content ?? '', /\S/);
      assert.deepEqual([choices[0]?.finish_reason, choices[0]?.index, none], [null, 0, null]);
    }
    assert.deepEqual([finish?.choices[0]?.delta, finish?.choices[0]?.finish_reason], [{}, 'length']);
    assert.deepEqual(usage?.choices, []);
    assert.partialDeepStrictEqual(usage?.usage, { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 });
    for (const { object, id, model: named } of chunks) {
      assert.deepEqual([object, id, named], ['chat.completion.chunk', role?.id, 'mock-1']);
    }
  });

  test('a stream without being asked for usage has none', async (context) => {
    const { client } = await setUp(context);
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    for await (const chunk of stream) {
      assert.equal(chunk.choices.length, 1);
      assert.equal(chunk.usage, undefined);
    }
  });

  test("the client's own gathering of a stream is the answer that comes in one piece", async (context) => {
    const { client, server } = await setUp(context, { naturalLength: 3 });
    const headers = { 'x-request-id': 'the same words' };
    const gathered = await client.chat.completions
      .stream({ ...chat, stream_options: { include_usage: true } }, { headers })
      .finalChatCompletion();
    const whole = await client.chat.completions.create(chat, { headers });
    assert.equal(whole.object, 'chat.completion');
    assert.deepEqual(
      [gathered.choices[0]?.message.content, gathered.choices[0]?.finish_reason, gathered.usage],
      [whole.choices[0]?.message.content, 'stop', whole.usage],
    );
    assert.equal(whole.choices[0]?.message.role, 'assistant');
    assert.equal(whole.choices[0]?.message.content?.trim().split(/\s+/).length, whole.usage?.completion_tokens);
    assert.equal(server.journal.get('the same words')?.outputTokens, whole.usage?.completion_tokens);
  });

  test('a client that breaks off in mid-stream frees its slot', { timeout: 10_000 }, async (context) => {
    const { client, server } = await setUp(context);
    const stream = await client.chat.completions.create(
      { ...chat, max_tokens: 100_000, stream: true },
      { headers: { 'x-request-id': 'left' } },
    );
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    const next = await client.chat.completions.create(chat);
    assert.equal(next.usage?.completion_tokens, 5);
    assert.equal(server.journal.get('left')?.ending, 'cancelled');
    assert.equal(server.endpoint.engine.held(), 0);
  });

  test('so does one whose controller aborts', { timeout: 10_000 }, async (context) => {
    const { client } = await setUp(context);
    const stream = await client.chat.completions.create({ ...chat, max_tokens: 100_000, stream: true });
    let words = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) words += 1;
      if (words === 3) stream.controller.abort();
    }
    assert.equal((await client.chat.completions.create(chat)).usage?.completion_tokens, 5);
  });

  test('models.list() names the model', async (context) => {
    const { client } = await setUp(context, { modelName: 'my-model' });
    const models = await client.models.list();
    assert.deepEqual(
      models.data.map(({ id, object }) => [id, object]),
      [['my-model', 'model']],
    );
  });
});

const fault = (name: string) => ({ headers: { 'x-mock-fault': name } });

describe("the mock's errors are the client's own kinds", () => {
  test('401: AuthenticationError, of the key only its ends', async (context) => {
    const { server } = await setUp(context);
    const asked = clientOf(server, 'sk-not-the-right-one').chat.completions.create(chat);
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof AuthenticationError);
      assert.deepEqual([error.status, error.code], [401, 'invalid_api_key']);
      assert.match(error.message, /Incorrect API key provided: sk-\*+-one\./);
      return true;
    });
    await assert.rejects(clientOf(server, 'sk-not-the-right-one').models.list(), AuthenticationError);
  });

  test('429: RateLimitError with retry-after', async (context) => {
    const { client } = await setUp(context);
    await assert.rejects(client.chat.completions.create({ ...chat, stream: true }, fault('throttled=7')), (error) => {
      assert.ok(error instanceof RateLimitError);
      assert.deepEqual([error.status, error.code, error.headers.get('retry-after')], [429, 'rate_limit_exceeded', '7']);
      assert.match(error.message, /Rate limit reached/);
      return true;
    });
  });

  test('a 429 is retried by a client that retries', async (context) => {
    const { server } = await setUp(context, { faults: [{ kind: 'throttled', share: 1, amount: 0 }] });
    const client = new OpenAI({ baseURL: server.url, apiKey, maxRetries: 1 });
    await assert.rejects(client.chat.completions.create(chat), RateLimitError);
    assert.equal(server.journal.entries().length, 2);
  });

  test('400: BadRequestError that names the parameter', async (context) => {
    const { client } = await setUp(context);
    await assert.rejects(client.chat.completions.create({ ...chat, max_tokens: -1 }), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.deepEqual([error.status, error.type, error.param], [400, 'invalid_request_error', 'max_tokens']);
      return true;
    });
  });

  test('500: InternalServerError', async (context) => {
    const { client } = await setUp(context);
    await assert.rejects(client.chat.completions.create(chat, fault('error_500')), (error) => {
      assert.ok(error instanceof InternalServerError);
      assert.deepEqual([error.status, error.type], [500, 'server_error']);
      return true;
    });
  });

  test('an error event in the stream is thrown from the iteration, after the words before it', async (context) => {
    const { client } = await setUp(context);
    const stream = await client.chat.completions.create({ ...chat, stream: true }, fault('stream_error=2'));
    let words = 0;
    const reading = async () => {
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) words += 1;
    };
    await assert.rejects(reading(), (error) => {
      assert.ok(error instanceof APIError);
      assert.equal(error.type, 'server_error');
      assert.match(error.message, /in the middle of the answer/);
      return true;
    });
    assert.equal(words, 2);
  });
});
