import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { countWords, parseChatRequest } from '../../lib/mock/chat-request.ts';

const messages = [{ role: 'user', content: 'two words' }];
const parse = (body: unknown) => parseChatRequest(typeof body === 'string' ? body : JSON.stringify(body));

function accepted(body: unknown) {
  const parsed = parse(body);
  return 'request' in parsed ? parsed.request : assert.fail(parsed.refusal.body);
}

test('a request without options streams nothing and gets 16 tokens', () => {
  assert.deepEqual(accepted({ messages }), {
    model: null,
    inputTokens: 2,
    maxTokens: 16,
    exactly: false,
    stream: false,
    hasStreamOptions: false,
    includeUsage: false,
  });
});

test('options are read, and null is as good as nothing', () => {
  const given = accepted({
    model: 'm',
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_completion_tokens: 7,
    max_tokens: null,
    ignore_eos: true,
    n: 1,
    temperature: 0,
  });
  assert.deepEqual(given, {
    model: 'm',
    inputTokens: 2,
    maxTokens: 7,
    exactly: true,
    stream: true,
    hasStreamOptions: true,
    includeUsage: true,
  });
  assert.equal(accepted({ messages, max_tokens: 9, stream_options: null }).maxTokens, 9);
});

describe('input tokens are the words of all messages', () => {
  const rows = [
    { why: 'several messages', messages: [...messages, { role: 'assistant', content: 'a b c' }], words: 5 },
    { why: 'parts: only texts', messages: [{ role: 'user', content: [{ type: 'text', text: 'a b' }, {}] }], words: 2 },
    { why: 'blanks of all kinds', messages: [{ role: 'user', content: ' a\n\tb  c ' }], words: 3 },
    { why: 'no content, as in a tool call', messages: [{ role: 'assistant', content: null }], words: 0 },
    { why: 'empty', messages: [{ role: 'user', content: '' }], words: 0 },
  ];
  for (const row of rows) {
    test(row.why, () => assert.equal(accepted({ messages: row.messages }).inputTokens, row.words));
  }

  test('as splitting at blanks counts them', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'a', 'é', '\u{1f525}', '.') });
    fc.assert(
      fc.property(text, (words) => assert.equal(countWords(words), words.split(/[ \n\t]+/).filter(Boolean).length)),
    );
  });
});

describe("what is wrong is told in OpenAI's words, with the parameter", () => {
  const rows: { why: string; body: unknown; param: string | null; message: RegExp }[] = [
    { why: 'not JSON', body: '{"messages"', param: null, message: /could not parse the JSON body/ },
    { why: 'not an object', body: [1], param: null, message: /could not parse/ },
    { why: 'no messages', body: {}, param: 'messages', message: /Missing required parameter: 'messages'/ },
    { why: 'messages of a wrong type', body: { messages: 'hi' }, param: 'messages', message: /but got string instead/ },
    { why: 'no message at all', body: { messages: [] }, param: 'messages', message: /empty array/ },
    { why: 'a message without role', body: { messages: [{}] }, param: 'messages[0]', message: /expected an object/ },
    {
      why: 'a message with content of a wrong type',
      body: { messages: [...messages, { role: 'user', content: 3 }] },
      param: 'messages[1]',
      message: /expected an object with role and content/,
    },
    { why: 'a limit that is no number', body: { messages, max_tokens: '5' }, param: 'max_tokens', message: /integer/ },
    { why: 'a limit of 0', body: { messages, max_tokens: 0 }, param: 'max_tokens', message: />= 1, but got 0/ },
    {
      why: 'a limit beyond reason',
      body: { messages, max_completion_tokens: 1e9 },
      param: 'max_completion_tokens',
      message: /too large/,
    },
    {
      why: 'both limits',
      body: { messages, max_tokens: 5, max_completion_tokens: 5 },
      param: 'max_tokens',
      message: /at the same time is not supported/,
    },
    { why: 'a model that is no text', body: { messages, model: 3 }, param: 'model', message: /expected a string/ },
    { why: 'stream that is no boolean', body: { messages, stream: 1 }, param: 'stream', message: /a boolean/ },
    { why: 'several choices', body: { messages, n: 2 }, param: 'n', message: /n must be 1/ },
    {
      why: 'stream options that are no object',
      body: { messages, stream: true, stream_options: true },
      param: 'stream_options',
      message: /an object, but got boolean/,
    },
    {
      why: 'stream options without a stream',
      body: { messages, stream_options: { include_usage: true } },
      param: 'stream_options',
      message: /only allowed when 'stream' is enabled/,
    },
  ];
  for (const row of rows) {
    test(row.why, () => {
      const parsed = parse(row.body);
      assert.ok('refusal' in parsed);
      assert.equal(parsed.refusal.status, 400);
      const { error } = JSON.parse(parsed.refusal.body);
      assert.equal(error.type, 'invalid_request_error');
      assert.equal(error.param, row.param);
      assert.match(error.message, row.message);
    });
  }
});
