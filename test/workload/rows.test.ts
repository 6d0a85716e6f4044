import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Workload } from '../../lib/spec/workload.ts';
import { factsOf, fileBounds, parseRows } from '../../lib/workload/rows.ts';

type Lengths = Pick<Workload, 'inputTokens' | 'outputTokens'>;
const limited: Lengths = { inputTokens: null, outputTokens: 64 };
const unlimited: Lengths = { inputTokens: null, outputTokens: null };
const columns: Lengths = { inputTokens: { column: 'in' }, outputTokens: { column: 'out' } };

const bytesOf = (text: string) => new TextEncoder().encode(text);

function faultsOf(bytes: string | Uint8Array, lengths: Lengths = limited): readonly string[] {
  const parsed = parseRows(typeof bytes === 'string' ? bytesOf(bytes) : bytes, lengths);
  return 'faults' in parsed ? parsed.faults : [];
}

function rowsOf(text: string, lengths: Lengths = limited) {
  const parsed = parseRows(bytesOf(text), lengths);
  assert.ok('rows' in parsed, JSON.stringify(parsed));
  return parsed.rows;
}

const chat = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
];

describe('a row of a file', () => {
  const rows: readonly { why: string; line: object; lengths?: Lengths; row: object }[] = [
    {
      why: 'a prompt is a chat of one message; its length is the endpoint’s to say',
      line: { prompt: 'Hello' },
      row: { messages: [{ role: 'user', content: 'Hello' }], inputTokens: null, outputTokens: null },
    },
    {
      why: 'a chat is sent as it is, whatever else stands in the row',
      line: { messages: chat, id: 7 },
      row: { messages: chat, inputTokens: null, outputTokens: null },
    },
    {
      why: 'a limit of its own, as OpenAI names it',
      line: { prompt: 'Hello', max_tokens: 5 },
      row: { messages: [{ role: 'user', content: 'Hello' }], inputTokens: null, outputTokens: 5 },
    },
    {
      why: 'lengths alone: a synthetic prompt',
      line: { inputTokens: 100, outputTokens: 10 },
      lengths: unlimited,
      row: { messages: null, inputTokens: 100, outputTokens: 10 },
    },
    {
      why: 'lengths from columns stand instead of the prompt and of the row’s own limit',
      line: { prompt: 'Hello', max_tokens: 5, in: 100, out: 10 },
      lengths: columns,
      row: { messages: null, inputTokens: 100, outputTokens: 10 },
    },
  ];
  for (const { why, line, lengths, row } of rows) {
    test(why, () => assert.deepEqual(rowsOf(JSON.stringify(line), lengths), [row]));
  }

  test('lines end as they like; empty ones and a byte order mark are passed over', () => {
    assert.equal(rowsOf('\ufeff{"prompt": "a"}\r\n\n  \n{"prompt": "b"}').length, 2);
  });
});

describe('faulty rows are listed with their line, all at once', () => {
  const cases: readonly { why: string; text: string; lengths?: Lengths; says: readonly RegExp[] }[] = [
    { why: 'nothing in it', text: '\n\n', says: [/^has no row$/] },
    {
      why: 'several faults, one of them the second of its row',
      text: '{"prompt": "a"}\n{\n\n{"prompt": 5, "max_tokens": 0}\n[]\n',
      says: [
        /^line 2 is no JSON$/,
        /^line 4 has a prompt that is no text$/,
        /^line 4 has as "max_tokens" no whole number from 1 to 1,000,000$/,
        /^line 5 is no JSON object/,
      ],
    },
    { why: 'nothing to ask', text: '{"text": "a"}', says: [/^line 1 has neither prompt, messages nor inputTokens$/] },
    {
      why: 'two things to ask',
      text: '{"prompt": "a", "messages": []}',
      says: [/^line 1 has both prompt and messages/],
    },
    { why: 'an empty prompt', text: '{"prompt": ""}', says: [/^line 1 has a prompt that is no text/] },
    { why: 'no message', text: '{"messages": []}', says: [/^line 1 has messages that are no list of at least one/] },
    {
      why: 'a message without a role',
      text: '{"messages": [{"role": "user", "content": "a"}, {"content": "b"}]}',
      says: [/^line 1 has in messages\[1\] no message such as/],
    },
    {
      why: 'no limit anywhere',
      text: '{"prompt": "a"}',
      lengths: unlimited,
      says: [/^line 1 has no max_tokens, and there is no workload\.outputTokens/],
    },
    {
      why: 'two limits',
      text: '{"prompt": "a", "max_tokens": 1, "outputTokens": 1}',
      says: [/^line 1 has both max_tokens and outputTokens/],
    },
    {
      why: 'no such column',
      text: '{"in": 1}',
      lengths: columns,
      says: [/^line 1 has no "out", which workload\.outputTokens names/],
    },
  ];
  for (const { why, text, lengths, says } of cases) {
    test(why, () => {
      const faults = faultsOf(text, lengths);
      assert.equal(faults.length, says.length, faults.join('\n'));
      for (const [index, pattern] of says.entries()) assert.match(faults[index] ?? '', pattern);
    });
  }

  test('bytes that are no text', () => {
    assert.deepEqual(faultsOf(Uint8Array.from([0x7b, 0xff, 0x7d, 10])), ['line 1 is no UTF-8']);
  });

  test('more than every worker can hold', () => {
    assert.match(faultsOf(new Uint8Array(fileBounds.bytes + 1))[0] ?? '', /more than 32 MiB$/);
    assert.match(faultsOf('{"prompt":"a"}\n'.repeat(fileBounds.rows + 1))[0] ?? '', /more than 100,000$/);
    assert.deepEqual(faultsOf('{"prompt":"a"}\n'.repeat(fileBounds.rows)), []);
  });
});

test('the plan is told the mean of rows: lengths as they are, prompts at four characters a token, the limit of rows without', () => {
  const rows = rowsOf('{"prompt": "12345678"}\n{"inputTokens": 100, "max_tokens": 20}\n');
  assert.deepEqual(factsOf(rows, limited), { rows: 2, prompts: 1, inputTokens: 51, outputTokens: 42 });
});
