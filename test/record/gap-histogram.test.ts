import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  emptyGapHistogram,
  type GapHistogram,
  gapCounter,
  gapQuantileUs,
  mergeGapHistograms,
} from '../../lib/record/gap-histogram.ts';

function histogramOf(gapsUs: readonly number[]): GapHistogram {
  const counter = gapCounter();
  for (const gapUs of gapsUs) counter.add(gapUs);
  return counter.histogram();
}

/** R-7, by its definition. */
function quantile(values: readonly number[], probability: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

const gaps = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { minLength: 1, maxLength: 200 });

describe('a histogram of gaps', () => {
  it('gives quantiles within 1 % of R-7 over the gaps themselves', () => {
    fc.assert(
      fc.property(gaps, fc.double({ min: 0, max: 1, noNaN: true }), (gapsUs, probability) => {
        const exact = quantile(gapsUs, probability);
        const estimate = gapQuantileUs(histogramOf(gapsUs), probability) ?? Number.NaN;
        assert.ok(Math.abs(estimate - exact) <= 0.01 * exact + 1e-9, `${estimate} instead of ${exact}`);
      }),
    );
  });

  it('is the same whether workers count apart or together', () => {
    fc.assert(
      fc.property(fc.array(gaps, { maxLength: 5 }), (workers) => {
        assert.deepEqual(mergeGapHistograms(workers.map(histogramOf)), histogramOf(workers.flat()));
      }),
    );
  });

  it('counts a gap of zero, which is shorter than the clock can tell', () => {
    const { count, sumUs } = histogramOf([0, 0, 5]);
    assert.deepEqual({ count, sumUs }, { count: 3, sumUs: 5 });
  });

  it('has no quantile without gaps', () => {
    assert.equal(gapQuantileUs(emptyGapHistogram, 0.5), null);
    assert.deepEqual(histogramOf([]), emptyGapHistogram);
  });
});
