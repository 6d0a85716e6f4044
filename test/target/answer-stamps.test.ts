import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Answer } from '../../lib/target/answer.ts';
import { delta, done, finish, only, type Read, reasoning, role, streamOf, text, tool, usage } from './told-stream.ts';

suite('stamps, by the definitions of docs/metrics.md', () => {
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
