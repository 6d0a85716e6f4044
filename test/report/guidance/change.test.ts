import assert from 'node:assert/strict';
import { test } from 'node:test';
import { change } from '../../../lib/report/guidance/change.ts';

const cases: { why: string; from: number; to: number; says: string }[] = [
  { why: 'less than half a percent is nothing', from: 1000, to: 1004, says: 'stayed the same' },
  { why: 'per cent below a doubling', from: 100, to: 188, says: 'rose by 88 %' },
  { why: 'what rounds to 100 % is a doubling', from: 1000, to: 1996, says: 'rose 2-fold' },
  { why: 'times above it, to two digits', from: 100, to: 634, says: 'rose 6.3-fold' },
  { why: 'many times, with commas', from: 1, to: 1234, says: 'rose 1,200-fold' },
  { why: 'a fall', from: 100, to: 40, says: 'fell by 60 %' },
];
for (const { why, from, to, says } of cases)
  test(`a change in words: ${why}`, () => assert.equal(change(from, to), says));
