import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, levelList, percent, time, timeUnit, utc, wordList } from '../../lib/report/format.ts';

test('figure shows three significant digits below 100 and whole numbers with commas above', async (t) => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0'],
    [1234567.8, '1,234,568'],
    [1234.5, '1,235'],
    [100, '100'],
    [99.95, '100'],
    [99.94, '99.9'],
    [12.345, '12.3'],
    [1, '1.00'],
    [0.0123456, '0.0123'],
    [1.2e-9, '1.2e-9'],
    [-3.456, '-3.46'],
  ];
  for (const [value, expected] of cases) await t.test(expected, () => assert.equal(figure(value), expected));
});

test('percent never rounds a share that is there to nothing', () => {
  assert.deepEqual([0, 0.00001, 0.0042, 0.123, 1].map(percent), ['0 %', '< 0.1 %', '0.42 %', '12.3 %', '100 %']);
});

test('time takes the unit that suits it, a chart one unit for all', () => {
  assert.deepEqual([0.5, 231, 999.4, 4980].map(time), ['0.500 ms', '231 ms', '999 ms', '4.98 s']);
  assert.deepEqual(
    [1999, 2000].map((maximum) => timeUnit(maximum).name),
    ['ms', 's'],
  );
});

test('lists read as sentences and count what they leave out', () => {
  assert.equal(wordList([]), '');
  assert.equal(wordList(['a', 'b', 'c']), 'a, b and c');
  assert.equal(levelList([4]), 'level 4');
  assert.equal(levelList([1, 2, 4, 8, 16], 4), 'levels 1, 2, 4 and 2 more');
});

test('utc names its zone', () => assert.equal(utc(Date.UTC(2026, 0, 2, 3, 4, 5)), '2026-01-02 03:04:05 UTC'));
