import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Accuracy } from '../../../lib/cli/selftest/accuracy.ts';
import { accuracyVerdict, roundedUp } from '../../../lib/cli/selftest/accuracy-verdict.ts';
import { verdictSentence } from '../../../lib/cli/selftest/selftest-text.ts';
import { quiet, spread } from './quiet-machine.ts';

const judged = (accuracies: readonly Accuracy[], cores = 2) => accuracyVerdict({ accuracies, cores, mockStepMs: 20 });

describe('the verdict', () => {
  test('differences can be trusted above twice the p99 of the highest count, rounded up to one digit', () => {
    const verdict = judged([{ ...quiet, streams: 1, tokenErrorMs: { ...spread, p99: 30 } }, quiet]);
    assert.ok(verdict);
    assert.deepEqual([verdict.streams, verdict.trustAboveMs, verdict.doubts], [64, 2, []]);
    assert.equal(
      verdictSentence(verdict),
      'At 64 streams this client adds p50 0.0500 ms, p99 0.900 ms to the time of a token: trust differences above 2 ms.',
    );
  });
  test('tokens too few for p99: the largest error stands for it', () => {
    const verdict = judged([{ ...quiet, streams: 1, tokenErrorMs: { ...spread, p99: null } }]);
    assert.ok(verdict);
    assert.equal(verdict.trustAboveMs, 6);
    assert.match(verdictSentence(verdict), /^At 1 stream this client adds p50 0\.0500 ms, at most 3\.00 ms to/);
  });
  test('nothing measured at the highest count: none', () => {
    const nothing = { samples: 0, p50: null, p99: null, p999: null, least: null, most: null };
    assert.equal(judged([quiet, { ...quiet, streams: 128, tokenErrorMs: nothing }]), null);
    assert.equal(judged([]), null);
  });
  for (const [value, expected] of [
    [1.8, 2],
    [2, 2],
    [22, 30],
    [0.11, 0.2],
    [0.3, 0.3],
    [99, 100],
    [0, 0],
  ] as const) {
    test(`${value} rounded up to one digit is ${expected}`, () => assert.equal(roundedUp(value), expected));
  }
});

describe('doubt is said where it is due', () => {
  const cases: readonly { doubt: string; why: string; accuracy?: Partial<Accuracy>; cores?: number; says: RegExp }[] = [
    {
      doubt: 'clocks_apart',
      why: 'a stamp before its send',
      accuracy: { tokenErrorMs: { ...spread, least: -1.2 } },
      says: /1\.200 ms before the mock sent the token/,
    },
    { doubt: 'one_core', why: 'mock and client share a core', cores: 1, says: /two cores or more/ },
    {
      doubt: 'busy_machine',
      why: 'a thread with nothing to do wakes late',
      accuracy: { idleThreadDelayP99Ms: 12.34 },
      says: /woke 12\.3 ms late/,
    },
    {
      doubt: 'mock_slow',
      why: 'the mock left more time between tokens than it was told',
      accuracy: { mockGapMs: 21.5 },
      says: /At 64 streams the mock could not keep its pace/,
    },
    { doubt: 'answers_lost', why: 'answers failed', accuracy: { lost: 3 }, says: /3 of 640 answers/ },
  ];
  for (const { doubt, why, accuracy = {}, cores, says } of cases) {
    test(`${doubt}: ${why}`, () => {
      const verdict = judged([{ ...quiet, ...accuracy }], cores);
      assert.deepEqual(
        verdict?.doubts.map(({ name }) => name),
        [doubt],
      );
      assert.match(verdict?.doubts[0]?.text ?? '', says);
    });
  }
});
