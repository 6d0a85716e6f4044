import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { quantileRanks } from '../../lib/curve/binomial.ts';

/** P(Bin(m, p) = k), from factorials, without a thought for speed. */
function mass(m: number, p: number, k: number): number {
  let logarithm = k * Math.log(p) + (m - k) * Math.log(1 - p);
  for (let i = 1; i <= k; i++) logarithm += Math.log((m - k + i) / i);
  return Math.exp(logarithm);
}

function sum(from: number, to: number, term: (k: number) => number): number {
  let total = 0;
  for (let k = from; k <= to; k++) total += term(k);
  return total;
}

describe('ranks that bound the p-quantile of m independent values', () => {
  // Those of the median are printed in tables of the sign test.
  const literal: { m: number; p: number; lower: number | null; upper: number | null; why: string }[] = [
    { m: 5, p: 0.5, lower: null, upper: null, why: '2^-5 is more than 2.5 %' },
    { m: 6, p: 0.5, lower: 1, upper: 6, why: '2^-6 is less' },
    { m: 10, p: 0.5, lower: 2, upper: 9, why: 'printed' },
    { m: 20, p: 0.5, lower: 6, upper: 15, why: 'printed' },
    { m: 100, p: 0.5, lower: 40, upper: 61, why: 'printed' },
    { m: 71, p: 0.95, lower: 63, upper: null, why: '0.95^71 is just over 2.5 %' },
    { m: 72, p: 0.95, lower: 64, upper: 72, why: '0.95^72 is just under' },
    { m: 0, p: 0.5, lower: null, upper: null, why: 'no value, no bound' },
  ];
  for (const { m, p, lower, upper, why } of literal) {
    it(`m = ${m}, p = ${p}: ${why}`, () => {
      assert.deepEqual(quantileRanks(m, p), { lower, upper });
    });
  }

  it('are those that the definition finds by trying', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 150 }), fc.constantFrom(0.5, 0.9, 0.95, 0.99), (m, p) => {
        const below = (l: number) => sum(0, l - 1, (k) => mass(m, p, k));
        const above = (u: number) => sum(u, m, (k) => mass(m, p, k));
        const ranks = Array.from({ length: m }, (_, k) => k + 1);
        assert.deepEqual(quantileRanks(m, p), {
          lower: ranks.findLast((l) => below(l) <= 0.025) ?? null,
          upper: ranks.find((u) => above(u) <= 0.025) ?? null,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('lie two standard errors from m × p in a large sample', () => {
    const m = 1_000_000;
    const reach = 1.96 * Math.sqrt(m * 0.9 * 0.1);
    const { lower, upper } = quantileRanks(m, 0.9);
    assert.ok(Math.abs((lower ?? 0) - (m * 0.9 - reach)) < 3, `lower ${lower}`);
    assert.ok(Math.abs((upper ?? 0) - (m * 0.9 + reach)) < 3, `upper ${upper}`);
  });
});
