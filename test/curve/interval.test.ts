import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  areDisjoint,
  batchesIn,
  mergedSlices,
  noInterval,
  quantileInterval,
  rateInterval,
} from '../../lib/curve/interval.ts';
import { quantileSorted } from '../../lib/curve/quantile.ts';
import type { Interval } from '../../lib/plan/verdict.ts';
import { autoregressive } from './series.ts';

describe('batches of a window of w latencies', () => {
  const table: { w: number; batches: number | null; why: string }[] = [
    { w: 20, batches: 20, why: 'w ≥ 20' },
    { w: 19.999, batches: 10, why: 'below: neighbours merged' },
    { w: 10, batches: 10, why: 'w ≥ 10' },
    { w: 9.999, batches: null, why: 'below: none' },
  ];
  for (const { w, batches, why } of table) {
    it(`w = ${w}: ${why}`, () => assert.equal(batchesIn(w * 500, 500), batches));
  }

  it('merge neighbours and keep the sum', () => {
    assert.deepEqual(mergedSlices([1, 2, 3, 4], 2), [3, 7]);
    assert.deepEqual(mergedSlices([1, 2, 3, 4], 4), [1, 2, 3, 4]);
  });
});

const batchesOf = (amounts: readonly number[], seconds = 1) => amounts.map((amount) => ({ amount, seconds }));

describe('the interval of a rate', () => {
  it('is mean ± t × s ÷ √b of batches of one length', () => {
    // mean 3, s² = 2.5, t(4) = 2.776: reach 1.963
    const [low, high] = rateInterval(batchesOf([1, 2, 3, 4, 5]));
    assert.deepEqual([low?.toFixed(3), high?.toFixed(3)], ['1.037', '4.963']);
  });

  it('does not go below 0, where no rate can be', () => {
    assert.equal(rateInterval(batchesOf([0, 0, 0, 9]))[0], 0);
  });

  it('is a point when all batches are the same, and unknown of a single one', () => {
    assert.deepEqual(rateInterval(batchesOf([4, 4, 4], 2)), [2, 2]);
    assert.deepEqual(rateInterval(batchesOf([2])), noInterval);
    assert.deepEqual(rateInterval([]), noInterval);
  });

  it('is around Σ amount ÷ Σ seconds, longer batches weighing more', () => {
    const batches = [...batchesOf([10, 12, 8, 10]), ...batchesOf([44, 36], 4)];
    const [low, high] = rateInterval(batches);
    assert.ok(low !== null && high !== null);
    assert.ok(Math.abs((low + high) / 2 - 120 / 12) < 1e-9);
    // Residuals 0, 2, −2, 0, 4, −4: √(40 × 6 ÷ 5) × t(5) ÷ 12 s = 1.484
    assert.ok(Math.abs((high - low) / 2 - 1.484) < 1e-3, `${(high - low) / 2}`);
  });
});

const intervalOf = (inDueOrder: Float64Array, probability: number) => {
  const sorted = inDueOrder.toSorted();
  return quantileInterval({ runs: [inDueOrder], sorted }, probability, quantileSorted(sorted, probability) ?? 0);
};

describe('the interval of a quantile', () => {
  it('is that of independent values when they do not correlate: the 40th and 61st of 100', () => {
    const shuffled = Float64Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) + 1);
    assert.deepEqual(intervalOf(shuffled, 0.5), [40, 61]);
  });

  it('is wider when values come in runs', () => {
    const values = autoregressive('runs', 2000, 0.95);
    const [low, high] = intervalOf(values, 0.5);
    const [freeLow, freeHigh] = intervalOf(
      values.toSorted((a, b) => ((a * 1e6) % 7) - ((b * 1e6) % 7)),
      0.5,
    );
    assert.ok((high ?? 0) - (low ?? 0) > 3 * ((freeHigh ?? 0) - (freeLow ?? 0)));
  });

  it('has no bound where too few values count as independent', () => {
    assert.deepEqual(intervalOf(Float64Array.of(1, 4, 2, 5, 3), 0.5), noInterval);
    const fifty = Float64Array.from({ length: 50 }, (_, i) => (i * 17) % 50);
    assert.equal(intervalOf(fifty, 0.95)[1], null);
    assert.notEqual(intervalOf(fifty, 0.95)[0], null);
  });

  it('is one value when all values are the same', () => {
    assert.deepEqual(intervalOf(new Float64Array(100).fill(7), 0.9), [7, 7]);
  });
});

describe('disjoint intervals', () => {
  const table: { a: Interval; b: Interval; disjoint: boolean; why: string }[] = [
    { a: [1, 2], b: [3, 4], disjoint: true, why: 'no common value' },
    { a: [1, 3], b: [3, 4], disjoint: false, why: 'they touch' },
    { a: [1, 9], b: [3, 4], disjoint: false, why: 'one holds the other' },
    { a: [1, null], b: [3, 4], disjoint: false, why: 'the end that faces the other is unknown' },
    { a: [null, 2], b: [3, null], disjoint: true, why: 'the unknown ends do not face each other' },
    { a: noInterval, b: [3, 4], disjoint: false, why: 'nothing is known' },
  ];
  for (const { a, b, disjoint, why } of table) {
    it(`${JSON.stringify(a)} and ${JSON.stringify(b)}: ${disjoint}, ${why}`, () => {
      assert.deepEqual([areDisjoint(a, b), areDisjoint(b, a)], [disjoint, disjoint]);
    });
  }
});
