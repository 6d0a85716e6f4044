import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { exactLength, nextLength } from '../../lib/workload/exact-length.ts';

/** Asks as a probe does, ten times, of an endpoint that counts so. */
function settle(target: number, count: (words: number, request: number) => number, requests = 10) {
  const samples: { words: number; tokens: number }[] = [];
  for (let request = 0; request < requests; request++) {
    const next = nextLength(samples, target);
    if ('impossible' in next) return { impossible: next.impossible, samples };
    samples.push({ words: next.words, tokens: count(next.words, request) });
  }
  return { exact: exactLength(samples, target), samples };
}

describe('the length of prompts is corrected until the endpoint counts exactly what was asked', () => {
  test('whatever tokens its chat template adds, in two requests; the other eight confirm it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 100_000 }), fc.integer({ min: 0, max: 99 }), (target, template) => {
        const { exact } = settle(target, (words) => words + template);
        assert.deepEqual(exact, { words: target - template, times: template === 0 ? 10 : 9 });
      }),
    );
  });

  test('a tokenizer with more or less than a token a word is met wherever it can be', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.4, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 200, max: 8000 }),
        (slope, template, target) => {
          // At most a token a word: every count is met by some number of words.
          const { exact, samples } = settle(target, (words) => Math.floor(words * slope) + template);
          assert.ok(exact !== null && exact !== undefined, JSON.stringify(samples));
          assert.equal(Math.floor(exact.words * slope) + template, target);
        },
      ),
    );
  });

  const hopeless: readonly {
    why: string;
    target: number;
    count: (words: number, request: number) => number;
    says: RegExp;
  }[] = [
    {
      why: 'two tokens a word, and an odd number asked for',
      target: 101,
      count: (words) => 2 * words,
      says: /counts 50 words as 100 tokens and 51 as 102: none as 101$/,
    },
    {
      why: 'a template longer than the prompt',
      target: 10,
      count: (words) => words + 30,
      says: /its chat template leaves no room for a prompt of 10$/,
    },
    {
      why: 'words that are not all one token',
      target: 100,
      count: (words, request) => words + (request % 2),
      says: /counts different prompts of 100 words as 100 and 101 tokens$/,
    },
  ];
  for (const { why, target, count, says } of hopeless) {
    test(`is told to be impossible: ${why}`, () => {
      const { impossible, samples } = settle(target, count);
      assert.match(impossible ?? '', says);
      assert.ok(samples.length <= 10);
    });
  }

  test('two exact prompts are too few to be relied on', () => {
    assert.equal(exactLength([{ words: 5, tokens: 7 }, ...Array(2).fill({ words: 3, tokens: 5 })], 5), null);
    assert.deepEqual(exactLength([{ words: 5, tokens: 7 }, ...Array(3).fill({ words: 3, tokens: 5 })], 5), {
      words: 3,
      times: 3,
    });
  });
});
