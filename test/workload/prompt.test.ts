import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { syntheticPrompt, wordsForTokens } from '../../lib/workload/prompt.ts';
import { words } from '../../lib/workload/words.ts';
import { fitWordsToTokens } from '../../lib/workload/words-to-tokens.ts';

describe('a synthetic prompt', () => {
  test('has exactly the words asked for, from the list', () => {
    for (const count of [1, 2, 100]) {
      const drawn = syntheticPrompt(count, 'seed').split(' ');
      assert.equal(drawn.length, count);
      assert.ok(drawn.every((word) => words.includes(word)));
    }
  });
  test('differs from its first words on, so that no prefix is shared', () => {
    const starts = new Set(
      Array.from({ length: 1000 }, (_, i) => syntheticPrompt(200, 1, i).split(' ').slice(0, 4).join(' ')),
    );
    assert.ok(starts.size > 990, `${starts.size} different starts`);
  });
  test('the list holds no word twice', () => assert.equal(new Set(words).size, words.length));
});

describe('words and tokens: the least-squares line', () => {
  test('finds slope and intercept of an endpoint that counts so', () => {
    const slopes = fc.tuple(fc.double({ min: 0.3, max: 15, noNaN: true }), fc.integer({ min: 0, max: 200 }));
    fc.assert(
      fc.property(slopes, ([slope, intercept]) => {
        const line = fitWordsToTokens([64, 128].map((count) => ({ words: count, tokens: intercept + slope * count })));
        assert.ok(Math.abs(line.slope - slope) < 1e-9 && Math.abs(line.intercept - intercept) < 1e-6);
        const asked = wordsForTokens(1000, line);
        assert.ok(Math.abs(intercept + slope * asked - 1000) <= slope / 2 + 1e-6, 'as near as whole words allow');
      }),
    );
  });
  const cases = [
    { why: 'nothing counted: a token a word', samples: [], line: { slope: 1, intercept: 0 } },
    { why: 'one length: slope 1 through it', samples: [{ words: 10, tokens: 17 }], line: { slope: 1, intercept: 7 } },
    {
      why: 'counts that make no sense: a token a word',
      samples: [
        { words: 10, tokens: 50 },
        { words: 20, tokens: 50 },
      ],
      line: { slope: 1, intercept: 0 },
    },
  ];
  for (const { why, samples, line } of cases) test(why, () => assert.deepEqual(fitWordsToTokens(samples), line));
  test('a prompt has at least one word', () => assert.equal(wordsForTokens(1, { slope: 1, intercept: 20 }), 1));
});
