import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelTicks } from '../../../lib/report/chart/level-ticks.ts';

test('levels that double are all named on a scale of ratios, with room', () => {
  const levels = [1, 2, 4, 8, 16, 32, 64];
  assert.deepEqual(
    levelTicks(levels, (level) => 60 * Math.log2(level), 12),
    levels,
  );
});

test('two hundred levels are thinned, the ends kept', () => {
  const levels = Array.from({ length: 200 }, (_, index) => index + 1);
  const ticks = levelTicks(levels, (level) => 2 * level, 12);
  assert.equal(ticks[0], 1);
  assert.equal(ticks.at(-1), 200);
  assert.ok(ticks.length > 5 && ticks.length < 25);
});

test('one level is named once, none is none', () => {
  assert.deepEqual(
    levelTicks([8], () => 0, 12),
    [8],
  );
  assert.deepEqual(
    levelTicks([], () => 0, 12),
    [],
  );
});
