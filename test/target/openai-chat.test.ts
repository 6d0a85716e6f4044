import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import { repeatedEventReader } from '../../lib/target/repeated-event.ts';
import { signalText } from './signal-text.ts';

const read = (data: string, type = 'message') => signalText(openaiChat.read({ type, data }));

suite('shapes that no grammar promises', () => {
  const table: readonly (readonly [why: string, data: string, signals: string])[] = [
    ['choices is no list', '{"choices":{"0":{"delta":{"content":"a"}}}}', 'nothing'],
    ['a choice is null', '{"choices":[null,{"delta":{"content":"a"}}]}', 'text'],
    ['delta is a list', '{"choices":[{"delta":["a"]}]}', 'nothing'],
    ['content is a number', '{"choices":[{"delta":{"content":7}}]}', 'nothing'],
    ['content is a list of everything', '{"choices":[{"delta":{"content":[null,1,[],{"type":7},"a"]}}]}', 'text'],
    ['tool_calls hold nothing', '{"choices":[{"delta":{"tool_calls":[null,{},{"function":null}]}}]}', 'nothing'],
    ['arguments come parsed', '{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":{"a":1}}}]}}]}', 'tool'],
    ['counts are no counts', '{"usage":{"prompt_tokens":"5","completion_tokens":-1,"total_tokens":1.5}}', 'nothing'],
    ['one count is good', '{"usage":{"prompt_tokens":1e400,"completion_tokens":3}}', 'usage out 3 alone'],
    ['details are no object', '{"usage":{"completion_tokens":3,"completion_tokens_details":[1]}}', 'usage out 3 alone'],
    ['finish reason is no text', '{"choices":[{"finish_reason":7}]}', 'nothing'],
    ['usage in a choice', '{"choices":[{"index":0,"usage":{"completion_tokens":3}}]}', 'usage out 3'],
    ['an error that names its kind elsewhere', '{"type":"error","message":"no","code":"full"}', 'error full: no'],
    ['error is false', '{"error":false,"choices":[]}', 'nothing'],
    ['error is an empty object', '{"error":{},"choices":[]}', 'nothing'],
    ['error has no words', '{"error":{"param":1}}', 'error -: {"error":{"param":1}}'],
    ['error is a number', '{"error":503}', 'error -: {"error":503}'],
    ['a code as a number', '{"error":{"message":"slow down","code":429}}', 'error 429 throttled: slow down'],
    [
      'keys of every object',
      '{"__proto__":{"error":"x"},"constructor":1,"choices":[{"delta":{"__proto__":1}}]}',
      'nothing',
    ],
    ['[DONE] with more behind it', '[DONE] ', 'done'],
  ];
  for (const [why, data, signals] of table) test(why, () => assert.equal(read(data), signals));

  test('an error by its event line needs no data', () => assert.equal(read('', 'error'), 'error -: '));
  test('an event without data is none', () => assert.deepEqual(openaiChat.read({ type: 'message', data: '' }), []));
});

suite('nothing is ever thrown', () => {
  const keys = [
    ...['id', 'model', 'choices', 'delta', 'message', 'content', 'text', 'type', 'tool_calls', 'function', 'arguments'],
    ...['usage', 'completion_tokens', 'completion_tokens_details', 'reasoning_tokens', 'finish_reason', 'error'],
    ...['reasoning', 'reasoning_details', 'summary', 'refusal', 'audio', 'x_groq', 'object', 'code', 'detail'],
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, true, 0, 7, -1, 1e300, '', 'a', 'error', 'reasoning', 'text', 'stop', '429'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6 }),
    ),
  }));

  test('by JSON of any shape', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('message', 'error'), (json, type) => {
        openaiChat.read({ type, data: JSON.stringify(json) });
        openaiChat.readWhole(JSON.stringify(json));
      }),
      { numRuns: 3000 },
    );
  });

  test('by text of any kind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 100 }), (data) => {
        openaiChat.read({ type: 'message', data });
        openaiChat.readWhole(data);
      }),
    );
  });

  test('by a hundred thousand lists in one another', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    for (const data of [
      deep,
      `{"choices":${deep}}`,
      `{"choices":[{"delta":{"content":${deep}}}]}`,
      `{"error":${deep}}`,
    ]) {
      openaiChat.read({ type: 'message', data });
      openaiChat.readWhole(data);
    }
  });

  test('an event that repeats the one before means what it means alone', () => {
    const word = fc.constantFrom('', 'a', ' b', 'é', '🎉', '"', '\\', '\n', '{', 'content":"', '\u0001', '\u2028');
    const key = fc.constantFrom('content', 'reasoning_content', 'reasoning', 'text', 'refusal', 'role');
    const spaces = fc.constantFrom(undefined, 1);
    const event = fc.tuple(key, word, fc.array(fc.tuple(key, word), { maxLength: 2 }), spaces);
    const data = event.map(([first, payload, others, space]) =>
      JSON.stringify(
        { id: 'x', choices: [{ delta: { [first]: payload, ...Object.fromEntries(others) } }] },
        null,
        space,
      ),
    );
    const cut = fc.tuple(data, fc.nat(120)).map(([text, at]) => text.slice(0, at) + text.slice(at + 1));
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: data }, cut), { minLength: 2, maxLength: 12 }),
        (events) => {
          const reader = repeatedEventReader(openaiChat);
          for (const text of events) assert.equal(signalText(reader('message', text)), read(text));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('an error that quotes its event is read anew each time', () => {
    const reader = repeatedEventReader(openaiChat);
    for (const data of ['{"error":{"content":"a"}}', '{"error":{"content":"b"}}']) {
      assert.equal(signalText(reader('message', data)), read(data));
    }
  });

  test('most events of a stream are not parsed as JSON', () => {
    let parsed = 0;
    const counting: typeof openaiChat = {
      ...openaiChat,
      read(event) {
        parsed += 1;
        return openaiChat.read(event);
      },
    };
    const reader = repeatedEventReader(counting);
    for (let count = 0; count < 100; count++) {
      assert.equal(
        signalText(reader('message', `{"id": "x", "choices": [{"delta": {"content": "w${count}"}}]}`)),
        'text',
      );
    }
    assert.equal(parsed, 1);
  });
});
