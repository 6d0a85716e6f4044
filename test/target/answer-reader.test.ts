import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Answer } from '../../lib/target/answer.ts';
import { type AnswerReader, answerReader } from '../../lib/target/answer-reader.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import type { Ending } from '../../lib/timing/outcome.ts';
import { nowEpochMs } from './read-answer.ts';

const reset: Ending = { outcome: 'truncated', detail: 'ECONNRESET', message: 'read ECONNRESET' };
const idle: Ending = { outcome: 'timeout', detail: 'idle', message: null };
const stopped: Ending = { outcome: 'cancelled', detail: null, message: null };
const eventStream = { 'content-type': 'text/event-stream' };

const frame = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (says: object, more: object = {}) => frame({ choices: [{ delta: says, finish_reason: null }], ...more });
const role = delta({ role: 'assistant', content: '' });
const text = (content: string) => delta({ content });
const reasoning = (words: string) => delta({ reasoning_content: words });
const tool = (words: string) => delta({ tool_calls: [{ index: 0, function: { arguments: words } }] });
const finish = frame({ choices: [{ delta: {}, finish_reason: 'stop' }] });
const usage = (output: number, hidden = 0) =>
  frame({
    choices: [],
    usage: { prompt_tokens: 5, completion_tokens: output, completion_tokens_details: { reasoning_tokens: hidden } },
  });
const done = 'data: [DONE]\n\n';

function newReader(options: { streamAsked?: boolean; scrub?: (text: string) => string } = {}): AnswerReader {
  return answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => nowEpochMs, ...options });
}

/** A read of the stream: when it came, what it held, and whether it shares the read before. */
type Read = readonly [atUs: number, body: string, coalesced?: 'coalesced'];

/** An event stream whose headers came at 100 µs and whose body ended cleanly at 900 µs. */
function streamOf(reads: readonly Read[]): Answer {
  const reader = newReader();
  reader.headers(100, 200, eventStream);
  for (const [atUs, body, coalesced] of reads) reader.chunk(atUs, Buffer.from(body), coalesced === 'coalesced');
  reader.ended(900);
  return reader.result();
}

suite('stamps, as METRICS define them', () => {
  const table: readonly (readonly [why: string, reads: readonly Read[], expected: Partial<Answer>])[] = [
    [
      'the first event is not the first token, and usage moves no token stamp',
      [
        [200, role],
        [300, text('a')],
        [400, text('b')],
        [500, finish],
        [600, usage(2)],
        [700, done],
      ],
      { headersUs: 100, firstEventUs: 200, firstTokenUs: 300, lastTokenUs: 400, endUs: 700, tokenEventUs: [300, 400] },
    ],
    [
      'reasoning is a token, but not a visible one',
      [
        [200, reasoning('a')],
        [300, text('b')],
        [400, done],
      ],
      { firstTokenUs: 200, firstVisibleTokenUs: 300, lastTokenUs: 300, reasoningSeen: true },
    ],
    [
      'arguments of a tool are visible tokens',
      [
        [200, tool('{')],
        [300, tool('}')],
        [400, done],
      ],
      { firstTokenUs: 200, firstVisibleTokenUs: 200, lastTokenUs: 300 },
    ],
    [
      'without a terminal event the answer ends with its body',
      [
        [200, text('a')],
        [300, finish],
      ],
      { endUs: 900, lastTokenUs: 200 },
    ],
    [
      'a comment is no event, malformed data is no first event',
      [
        [150, ': hi\n\n'],
        [200, 'data: : x\n\n'],
        [300, text('a')],
        [400, done],
      ],
      { firstEventUs: 300, firstTokenUs: 300, events: 3, malformedEvents: 1 },
    ],
    [
      'an event counts when its blank line came, not when it began',
      [
        [200, text('a').slice(0, 20)],
        [300, text('a').slice(20)],
        [400, done],
      ],
      { firstTokenUs: 300 },
    ],
    [
      'events of one read share its stamp, also over several chunks',
      [
        [200, text('a') + text('b')],
        [999, text('c'), 'coalesced'],
        [300, text('d')],
        [400, done],
      ],
      { tokenEventUs: [200, 200, 200, 300], tokenReads: 2, events: 5, coalescedEvents: 2 },
    ],
    [
      'two reads of the same microsecond are still two',
      [
        [200, text('a')],
        [200, text('b')],
        [300, done],
      ],
      { tokenEventUs: [200, 200], tokenReads: 2, coalescedEvents: 0 },
    ],
    [
      'an event of several kinds is one token event',
      [
        [200, delta({ content: 'a', reasoning: 'b' })],
        [300, done],
      ],
      { tokenEventUs: [200], reasoningSeen: true, firstVisibleTokenUs: 200 },
    ],
    [
      'nothing after the terminal event counts',
      [
        [200, text('a')],
        [300, done],
        [400, text('b') + usage(7)],
      ],
      { lastTokenUs: 200, endUs: 300, events: 2, streamedTokens: null },
    ],
    [
      'an unterminated event has the stamp of the last bytes',
      [
        [200, text('a')],
        [300, text('b').trimEnd()],
      ],
      { lastTokenUs: 300, unterminated: true, endUs: 900 },
    ],
  ];
  for (const [why, reads, expected] of table) {
    test(why, () => assert.deepEqual(only(streamOf(reads), expected), expected));
  }
});

suite('tokens streamed (n) and where they came', () => {
  const eight = 'abcdefgh'.split('').map(text).join('');
  const counted = (content: string, output: number) => delta({ content }, { usage: { completion_tokens: output } });
  const table: readonly (readonly [why: string, reads: readonly Read[], expected: Partial<Answer>])[] = [
    [
      'n is the count of the server, not of events',
      [
        [200, text('a')],
        [300, usage(9) + done],
      ],
      { streamedTokens: 9 },
    ],
    [
      'n is null without usage',
      [
        [200, text('a')],
        [300, done],
      ],
      { streamedTokens: null, tokensInFirstEvent: null },
    ],
    [
      'reasoning that never came is left out of n',
      [
        [200, text('a')],
        [300, usage(9, 6) + done],
      ],
      { streamedTokens: 3 },
    ],
    [
      'reasoning that came is part of n',
      [
        [200, reasoning('a')],
        [300, usage(9, 6) + done],
      ],
      { streamedTokens: 9 },
    ],
    [
      'cumulative usage tells how many tokens came with each event',
      [
        [200, counted('a', 3)],
        [300, counted('b', 5)],
        [400, done],
      ],
      { cumulativeTokens: [3, 5], tokensInFirstEvent: 3, streamedTokens: 5 },
    ],
    [
      'hidden reasoning is left out of cumulative counts too',
      [
        [200, counted('a', 13)],
        [300, counted('b', 15)],
        [400, usage(15, 10) + done],
      ],
      { cumulativeTokens: [3, 5], tokensInFirstEvent: 3, streamedTokens: 5 },
    ],
    [
      'counts that are missing somewhere are not cumulative',
      [
        [200, counted('a', 3)],
        [300, text('b')],
        [400, counted('c', 5) + done],
      ],
      { cumulativeTokens: null, tokensInFirstEvent: 3 },
    ],
    [
      'counts that fall are not cumulative',
      [
        [200, counted('a', 3)],
        [300, counted('b', 2)],
        [400, done],
      ],
      { cumulativeTokens: null, streamedTokens: 2 },
    ],
    [
      'usage with the last token alone is not cumulative',
      [
        [200, text('a')],
        [300, counted('b', 5) + done],
      ],
      { cumulativeTokens: null },
    ],
    ['eight token events in one read are buffered', [[200, eight + done]], { buffered: true, tokenReads: 1 }],
    ['seven are not', [[200, eight.slice(text('a').length) + done]], { buffered: false, tokenReads: 1 }],
    ['eight tokens in one event are', [[200, text('a') + usage(8) + done]], { buffered: true }],
    [
      'eight in two reads are not',
      [
        [200, text('a')],
        [300, eight + done],
      ],
      { buffered: false, tokenReads: 2 },
    ],
  ];
  for (const [why, reads, expected] of table) {
    test(why, () => assert.deepEqual(only(streamOf(reads), expected), expected));
  }

  test('what was compressed came in one piece', () => {
    const reader = newReader();
    reader.headers(100, 200, { ...eventStream, 'content-encoding': 'gzip' });
    const bytes = gzipSync(text('a') + text('b') + done);
    reader.chunk(200, bytes.subarray(0, 10), false);
    reader.chunk(300, bytes.subarray(10), false);
    reader.ended(400);
    const expected = { buffered: true, tokenEventUs: [300, 300], endUs: 300, ending: okEnding() };
    assert.deepEqual(only(reader.result(), expected), expected);
  });

  test('an answer in one piece has counts, an end, and no token stamps', () => {
    const reader = newReader();
    reader.headers(100, 200, { 'content-type': 'application/json' });
    const message = { content: 'hello', reasoning_content: 'hm' };
    const body = { choices: [{ message, finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 9 } };
    reader.chunk(200, Buffer.from(JSON.stringify(body)), false);
    reader.ended(300);
    const expected = {
      ending: okEnding(),
      streamed: false,
      buffered: false,
      firstEventUs: null,
      firstTokenUs: null,
      lastTokenUs: null,
      tokenEventUs: [],
      endUs: 300,
      streamedTokens: 9,
      reasoningSeen: true,
    };
    assert.deepEqual(only(reader.result(), expected), expected);
  });
});

suite('what the load can ask while the answer comes', () => {
  test('firstTokenSeen, terminal and endUs follow what was parsed', () => {
    const reader = newReader();
    const state = () => [reader.firstTokenSeen, reader.terminal, reader.endUs, reader.lastByteUs];
    reader.headers(100, 200, eventStream);
    assert.deepEqual(state(), [false, false, null, null]);
    reader.chunk(200, Buffer.from(role), false);
    reader.parse();
    assert.deepEqual(state(), [false, false, null, 200]);
    reader.chunk(300, Buffer.from(text('a')), false);
    assert.deepEqual(state(), [false, false, null, 300], 'a chunk is only stored');
    reader.parse();
    assert.deepEqual(state(), [true, false, null, 300]);
    reader.chunk(400, Buffer.from(finish), false);
    reader.parse();
    assert.deepEqual(state(), [true, false, null, 400], 'a finish reason is not terminal');
    reader.chunk(500, Buffer.from(done), false);
    reader.parse();
    assert.deepEqual(state(), [true, true, 500, 500]);
    reader.chunk(600, Buffer.from(': keep-alive\n\n'), false);
    assert.deepEqual(state(), [true, true, 500, 600], 'bytes after the end still prove the link alive');
  });

  test('an error in the stream is terminal', () => {
    const reader = newReader();
    reader.headers(100, 200, eventStream);
    reader.chunk(200, Buffer.from(frame({ error: { message: 'no' } })), false);
    reader.parse();
    assert.equal(reader.terminal, true);
  });

  const expectations: readonly (readonly [
    why: string,
    asked: boolean,
    status: number,
    body: string,
    expected: boolean,
  ])[] = [
    ['nothing has come', true, 200, '', true],
    ['an event stream', true, 200, role, true],
    ['none was asked for', false, 200, '', false],
    ['JSON instead', true, 200, '{"id"', false],
    ['an error status', true, 500, '', false],
  ];
  for (const [why, streamAsked, status, body, expected] of expectations) {
    test(`streamExpected is ${expected}: ${why}`, () => {
      const reader = newReader({ streamAsked });
      reader.headers(100, status, {});
      reader.chunk(200, Buffer.from(body), false);
      reader.parse();
      assert.equal(reader.streamExpected, expected);
    });
  }
});

suite('how an answer ends', () => {
  const closings: readonly (readonly [why: string, close: (reader: AnswerReader) => void, ending: Ending])[] = [
    ['a failure in mid-stream is what the transport says', (reader) => reader.failed(900, reset), reset],
    ['a deadline in mid-stream is a timeout', (reader) => reader.cut(idle), idle],
    ['a stop in mid-stream is cancelled', (reader) => reader.cut(stopped), stopped],
  ];
  for (const [why, close, ending] of closings) {
    test(why, () => {
      const reader = newReader();
      reader.headers(100, 200, eventStream);
      reader.chunk(200, Buffer.from(text('a')), false);
      close(reader);
      assert.deepEqual(only(reader.result(), { ending, endUs: null }), { ending, endUs: null });
      assert.equal(reader.result().lastTokenUs, 200, 'partial timings stay');
    });
    test(`${why}; not after [DONE], parsed or not`, () => {
      const reader = newReader();
      reader.headers(100, 200, eventStream);
      reader.chunk(200, Buffer.from(text('a') + done), false);
      close(reader);
      assert.deepEqual(only(reader.result(), { ending: okEnding(), endUs: 200 }), { ending: okEnding(), endUs: 200 });
    });
    test(`${why}; before headers too`, () => {
      const reader = newReader();
      close(reader);
      assert.deepEqual(reader.result().ending, ending);
      assert.equal(reader.result().httpStatus, null);
    });
  }

  test('usage without output tokens proves no end', () => {
    const prompt = frame({ choices: [], usage: { prompt_tokens: 5 } });
    assert.equal(streamOf([[200, text('a') + prompt]]).ending.outcome, 'truncated');
  });

  test('a page that never came is what became of the connection', () => {
    const reader = newReader();
    reader.headers(100, 200, { 'content-type': 'text/html' });
    reader.cut(idle);
    assert.deepEqual(reader.result().ending, idle);
  });

  test('only the first end counts', () => {
    const reader = newReader();
    reader.headers(100, 200, eventStream);
    reader.chunk(200, Buffer.from(text('a') + finish), false);
    reader.ended(300);
    reader.failed(400, reset);
    reader.cut(stopped);
    reader.chunk(500, Buffer.from(text('b')), false);
    assert.deepEqual([reader.result().ending, reader.endUs, reader.result().tokenEventUs], [okEnding(), 300, [200]]);
  });

  test('a reader that was told of no end is unknown, never ok', () => {
    assert.equal(newReader().result().ending.outcome, 'unknown');
  });

  test('the secret is taken out before words are cut, so that no part of it stays', () => {
    const secret = 'sk-1234567890';
    const reader = newReader({ scrub: (words) => words.replaceAll(secret, '***') });
    reader.headers(100, 401, { 'content-type': 'application/json' });
    const message = `${'x'.repeat(195)}${secret}`;
    reader.chunk(200, Buffer.from(JSON.stringify({ error: { message, type: secret } })), false);
    reader.ended(300);
    const { ending } = reader.result();
    assert.deepEqual(ending, { outcome: 'http_error', detail: '***', message: `${'x'.repeat(195)}***` });
  });
});

function okEnding(): Ending {
  return { outcome: 'ok', detail: null, message: null };
}

/** The fields of an answer that an expectation names. */
function only(answer: Answer, expected: Partial<Answer>): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...answer };
  return Object.fromEntries(Object.keys(expected).map((field) => [field, fields[field]]));
}
