import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { integratedAutocorrelation } from '../../lib/curve/effective-sample.ts';
import { autoregressive } from './series.ts';
import { tauByDefinition } from './tau-by-definition.ts';

const tauOf = (sequence: readonly number[]) => integratedAutocorrelation(Uint8Array.from(sequence));
const repeat = (times: number, part: readonly number[]) => Array.from({ length: times }, () => part).flat();

describe('τ of a sequence of yes and no', () => {
  it('is 1 + 2 Σ ρ(k) over the initial positive sequence', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 200 }), (sequence) => {
        assert.ok(Math.abs(tauOf(sequence) - tauByDefinition(sequence)) < 1e-9);
      }),
    );
  });

  it('is the same over runs that cross many words of bits', () => {
    const runs = [...repeat(70, [1]), ...repeat(45, [0]), ...repeat(200, [1]), ...repeat(133, [0]), ...repeat(64, [1])];
    assert.ok(Math.abs(tauOf(runs) - tauByDefinition(runs)) < 1e-9);
    assert.ok(tauOf(runs) > 30);
  });

  it('is the same over correlations that reach further than a thousand', () => {
    const halves = [...repeat(5000, [1]), ...repeat(4000, [0]), ...repeat(30, [1, 0])];
    const n = halves.length;
    const mean = 5030 / n;
    const covariance = (k: number) =>
      halves.reduce((sum, x, i) => (i + k < n ? sum + (x - mean) * ((halves[i + k] ?? 0) - mean) : sum), 0);
    // Positive up to a lag of about n ÷ 3, where the sum of all up to there is n ÷ 3 as well.
    let tau = -1;
    for (let lag = 0; lag + 1 < n / 2; lag += 2) {
      const pair = (covariance(lag) + covariance(lag + 1)) / covariance(0);
      if (!(pair > 0)) break;
      tau += 2 * pair;
    }
    assert.ok(tau > 2000 && Math.abs(tauOf(halves) - tau) < 1e-6 * tau, `${tauOf(halves)} instead of ${tau}`);
  });

  it('is 1 for a constant sequence, which has no correlation', () => {
    assert.deepEqual([tauOf(repeat(50, [0])), tauOf(repeat(50, [1])), tauOf([]), tauOf([1])], [1, 1, 1, 1]);
  });

  it('is never under 1, though values that alternate tell more than independent ones', () => {
    assert.equal(tauOf(repeat(50, [0, 1])), 1);
  });

  it('comes near (1 + φ) ÷ (1 − φ) of the chain behind the signs of a normal series', () => {
    // The signs of a normal series with correlation φ^k correlate as 2 asin(φ^k) ÷ π.
    const phi = 0.9;
    const expected =
      1 + 2 * Array.from({ length: 400 }, (_, k) => (2 / Math.PI) * Math.asin(phi ** (k + 1))).reduce((a, b) => a + b);
    const taus = ['a', 'b', 'c', 'd'].map((seed) =>
      integratedAutocorrelation(Uint8Array.from(autoregressive(seed, 50_000, phi), (x) => (x <= 0 ? 1 : 0))),
    );
    const mean = taus.reduce((sum, tau) => sum + tau, 0) / taus.length;
    assert.ok(Math.abs(mean - expected) < 0.15 * expected, `${mean} instead of ${expected}`);
  });
});
