import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failuresToGiveUp, pauseMs } from '../../lib/load/pause.ts';

const rows: readonly (readonly [why: string, failures: number, retryAfterMs: number | null, expected: number])[] = [
  ['the first failure', 1, null, 500],
  ['doubles', 2, null, 1000],
  ['doubles again', 4, null, 4000],
  ['up to eight seconds', 5, null, 8000],
  ['and no further', failuresToGiveUp, null, 8000],
  ['nor does a count beyond all reason break it', 5000, null, 8000],
  ['retry-after goes before it', 5, 1200, 1200],
  ['retry-after may ask for no pause at all', 1, 0, 0],
  ['retry-after may ask for more than eight seconds', 1, 60_000, 60_000],
  ['but not for more than five minutes', 1, 86_400_000, 300_000],
];

describe('pause after a failure: retry-after if given, else 0.5 s doubling to 8 s', () => {
  for (const [why, failures, retryAfterMs, expected] of rows) {
    test(why, () => assert.equal(pauseMs(failures, retryAfterMs), expected));
  }
});
