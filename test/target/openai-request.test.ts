import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Ask } from '../../lib/target/dialect.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';

const ask: Ask = {
  model: 'm',
  prompt: 'hello',
  stream: true,
  maxOutputTokens: 16,
  exactly: false,
  usageInStream: true,
  parameters: {},
};
const messages = [{ role: 'user', content: 'hello' }];
const plain = { model: 'm', messages, max_tokens: 16, stream_options: { include_usage: true }, stream: true };

suite('the body of a request', () => {
  const { stream_options: _, ...withoutUsage } = plain;
  const { max_tokens: __, ...withoutLimit } = plain;
  const { model: ___, ...withoutModel } = plain;
  const table: readonly (readonly [why: string, change: Partial<Ask>, expected: object])[] = [
    ['a plain one; temperature is not sent', {}, plain],
    ['no model where none is named', { model: null }, withoutModel],
    ['usage is not asked for where the endpoint refuses it', { usageInStream: false }, withoutUsage],
    ['stream_options go only with a stream', { stream: false }, { ...withoutUsage, stream: false }],
    [
      'even those of the user',
      { stream: false, parameters: { stream_options: { include_usage: true } } },
      { ...withoutUsage, stream: false },
    ],
    ['exactly so many tokens', { exactly: true }, { ...plain, min_tokens: 16, ignore_eos: true }],
    [
      "the user's parameters win",
      { exactly: true, parameters: { temperature: 0, max_tokens: 9, ignore_eos: false, model: 'n' } },
      { ...plain, model: 'n', temperature: 0, max_tokens: 9, min_tokens: 16, ignore_eos: false },
    ],
    ['but over `stream`', { parameters: { stream: false } }, plain],
    [
      'of two limits only the one that the user named is sent',
      { parameters: { max_completion_tokens: 9 } },
      { ...withoutLimit, max_completion_tokens: 9 },
    ],
  ];
  for (const [why, change, expected] of table) {
    test(why, () => assert.deepEqual(JSON.parse(openaiChat.body({ ...ask, ...change })), expected));
  }
});

suite('the address of a request', () => {
  const table: readonly (readonly [given: string, taken: string])[] = [
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1/chat/completions'],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000/v1/chat/completions'],
    ['https://host/v1', 'https://host/v1/chat/completions'],
    ['https://host/api/v1/', 'https://host/api/v1/chat/completions'],
    ['https://host/v1?api-version=3', 'https://host/v1/chat/completions?api-version=3'],
    ['https://host?api-version=3#part', 'https://host/v1/chat/completions?api-version=3'],
    ['https://host/v1/chat/completions', 'https://host/v1/chat/completions'],
    ['https://host/v1/completions', 'https://host/v1/completions'],
    ['https://host/serving-endpoints/e/invocations', 'https://host/serving-endpoints/e/invocations'],
    [
      'https://host/openai/deployments/d/chat/completions?api-version=1',
      'https://host/openai/deployments/d/chat/completions?api-version=1',
    ],
    ['https://host/my-v1', 'https://host/my-v1'],
  ];
  for (const [given, taken] of table)
    test(`${given} → ${taken}`, () => assert.equal(openaiChat.endpoint(given), taken));
});
