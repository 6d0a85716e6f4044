import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pooledCoverage, quantileCoverage, throughputCoverage } from './coverage.ts';

/** Of a hundred runs of a true 95 % interval fewer than 90 hold in one case of a hundred. */
const seeds = 100;
const least = 0.9;

describe('a 95 % interval holds the truth in at least 90 % of the runs', () => {
  const quantiles = [
    { phi: 0, n: 300, probability: 0.5, why: 'independent values' },
    { phi: 0, n: 300, probability: 0.95, why: 'independent values' },
    { phi: 0.5, n: 600, probability: 0.5, why: 'each resembles the one before' },
    { phi: 0.5, n: 600, probability: 0.95, why: 'each resembles the one before' },
    { phi: 0.8, n: 1500, probability: 0.5, why: 'long runs' },
  ] as const;
  for (const { why, ...runs } of quantiles) {
    it(`of the ${runs.probability} quantile of ${runs.n} values, φ = ${runs.phi}: ${why}`, () => {
      const share = quantileCoverage({ ...runs, seeds });
      assert.ok(share >= least, `${share}`);
    });
  }

  it('of throughput and of a median over the runs of a level together', () => {
    const { throughput, median } = pooledCoverage({ runs: 3, latencyMs: 900, seeds: 40 });
    assert.ok(Math.min(throughput, median) >= least, `${throughput}, ${median}`);
  });

  it('of throughput over 20 and over 10 batches', () => {
    const twenty = throughputCoverage({ level: 4, latencyMs: 400, seeds: 50 });
    const ten = throughputCoverage({ level: 8, latencyMs: 1200, seeds: 50 });
    assert.ok(Math.min(twenty, ten) >= least, `${twenty}, ${ten}`);
  });
});

it('an interval that took correlated values for independent would not', () => {
  // The same values in a random order have the same sorted sample and τ near 1.
  assert.ok(quantileCoverage({ phi: 0.8, n: 1500, probability: 0.5, seeds, shuffled: true }) < 0.7);
});
