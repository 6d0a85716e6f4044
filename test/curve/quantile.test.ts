import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { op, table } from 'arquero';
import fc from 'fast-check';
import { isShown, type Percent, percents, quantileSorted, sortedNumbers } from '../../lib/curve/quantile.ts';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 80 });
const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe('a quantile uses R-7', () => {
  const literal: { why: string; sorted: number[]; p: number; is: number | null }[] = [
    { why: 'the middle of three', sorted: [1, 2, 9], p: 0.5, is: 2 },
    { why: 'half way between two', sorted: [1, 3], p: 0.5, is: 2 },
    { why: 'position (5 − 1) × 0.9 = 3.6', sorted: [10, 20, 30, 40, 50], p: 0.9, is: 46 },
    { why: 'the least', sorted: [4, 7], p: 0, is: 4 },
    { why: 'the largest', sorted: [4, 7], p: 1, is: 7 },
    { why: 'of one value that value', sorted: [3], p: 0.99, is: 3 },
    { why: 'of no value nothing', sorted: [], p: 0.5, is: null },
    { why: 'an infinite neighbour with a weight', sorted: [1, 2, Number.POSITIVE_INFINITY], p: 0.75, is: Infinity },
    { why: 'an infinite neighbour without weight', sorted: [1, 2, Number.POSITIVE_INFINITY], p: 0.5, is: 2 },
    { why: 'between two that are infinite', sorted: [1, Infinity, Infinity, Infinity], p: 0.8, is: Infinity },
  ];
  for (const { why, sorted, p, is } of literal) {
    it(`${why}: ${is}`, () => {
      assert.equal(quantileSorted(sorted, p), is);
    });
  }

  it('as the op.quantile of arquero does, to the last bit', () => {
    fc.assert(
      fc.property(values, probability, (x, p) => {
        const rolled = table({ x })
          .rollup({ q: op.quantile('x', p) })
          .get('q', 0);
        assert.equal(quantileSorted(sortedNumbers(Float64Array.from(x)), p), rolled);
      }),
    );
  });

  it('of numbers alone: what is NaN is left out', () => {
    assert.deepEqual(sortedNumbers(Float64Array.of(3, Number.NaN, 1)), Float64Array.of(1, 3));
  });
});

describe('a percentile is shown only if n ≥ 5 ÷ (1 − p)', () => {
  const least: { percent: Percent; samples: number }[] = [
    { percent: 50, samples: 10 },
    { percent: 90, samples: 50 },
    { percent: 95, samples: 100 },
    { percent: 99, samples: 500 },
  ];
  for (const { percent, samples } of least) {
    it(`p${percent} from ${samples} on`, () => {
      assert.deepEqual([isShown(percent, samples - 1), isShown(percent, samples)], [false, true]);
    });
  }

  it('and the table above names every percentile', () => {
    assert.deepEqual(
      least.map(({ percent }) => percent),
      percents,
    );
  });
});
