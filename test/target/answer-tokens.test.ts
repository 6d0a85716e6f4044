import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Answer } from '../../lib/target/answer.ts';
import { okEnding } from '../../lib/timing/outcome.ts';
import {
  delta,
  done,
  eventStream,
  newReader,
  only,
  type Read,
  reasoning,
  streamOf,
  text,
  usage,
} from './told-stream.ts';

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
    const expected = { buffered: true, tokenEventUs: [300, 300], endUs: 300, ending: okEnding };
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
      ending: okEnding,
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
