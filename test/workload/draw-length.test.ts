import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import { bellCurve, bellShare } from '../../lib/spec/bell.ts';
import { type LengthDistribution, meanLength } from '../../lib/spec/lengths.ts';
import { drawLength } from '../../lib/workload/draw-length.ts';

const draws = (lengths: LengthDistribution, count: number, seed: number) => {
  const random = seededRandom('draws', seed);
  return Array.from({ length: count }, () => drawLength(lengths, random));
};
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const kinds = ['normal', 'lognormal'] as const;
const bells = fc
  .record({
    kind: fc.constantFrom(...kinds),
    mean: fc.integer({ min: 20, max: 5000 }),
    relative: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    min: fc.integer({ min: 1, max: 2000 }),
    range: fc.integer({ min: 50, max: 20_000 }),
  })
  .map(({ kind, mean: center, relative, min, range }) => {
    const bell = { mean: center, deviation: center * relative, min, max: min + range };
    return { kind, bell, lengths: (kind === 'normal' ? { normal: bell } : { lognormal: bell }) as LengthDistribution };
  })
  .filter(({ kind, bell }) => bellShare(kind, bell) >= 0.05);

describe('a drawn length', () => {
  test('is whole, within its bounds, and the same for the same seed', () => {
    fc.assert(
      fc.property(bells, fc.integer(), ({ bell, lengths }, seed) => {
        const drawn = draws(lengths, 20, seed);
        assert.ok(drawn.every((length) => Number.isInteger(length) && length >= bell.min && length <= bell.max));
        assert.deepEqual(draws(lengths, 20, seed), drawn);
      }),
    );
  });

  test('uniform: every length from min to max, each as often', () => {
    const drawn = draws({ uniform: { min: 3, max: 6 } }, 40_000, 1);
    assert.deepEqual([...new Set(drawn)].sort(), [3, 4, 5, 6]);
    for (const length of [3, 4, 5, 6]) {
      const share = drawn.filter((one) => one === length).length / drawn.length;
      assert.ok(Math.abs(share - 0.25) < 0.01, `${length}: ${share}`);
    }
    assert.equal(meanLength({ uniform: { min: 3, max: 8 } }), 6);
  });

  test('uncut bells have the mean and the deviation that were asked for', () => {
    for (const kind of kinds) {
      const bell = { mean: 600, deviation: 150, min: 1, max: 2_000_000 };
      const drawn = draws(kind === 'normal' ? { normal: bell } : { lognormal: bell }, 40_000, 2);
      const center = mean(drawn);
      const deviation = Math.sqrt(mean(drawn.map((length) => (length - center) ** 2)));
      assert.ok(Math.abs(center - 600) < 4, `${kind}: mean ${center}`);
      assert.ok(Math.abs(deviation - 150) < 4, `${kind}: deviation ${deviation}`);
    }
  });
});

/** The slow way: the density summed over every whole length. */
function meanBySum(kind: 'normal' | 'lognormal', bell: Parameters<typeof bellCurve>[1]): number {
  const { mu, sigma } = bellCurve(kind, bell);
  let mass = 0;
  let moment = 0;
  const steps = 200_000;
  const low = bell.min - 0.5;
  const step = (bell.max + 0.5 - low) / steps;
  for (let i = 0; i < steps; i++) {
    const x = low + (i + 0.5) * step;
    const z = ((kind === 'lognormal' ? Math.log(x) : x) - mu) / sigma;
    const density = Math.exp((-z * z) / 2) / (kind === 'lognormal' ? x : 1);
    mass += density;
    moment += density * x;
  }
  return moment / mass;
}

test('the mean of a cell is that of its distribution, cut to its bounds', () => {
  fc.assert(
    fc.property(bells, ({ kind, bell, lengths }) => {
      const slow = meanBySum(kind, bell);
      assert.ok(Math.abs(meanLength(lengths) - slow) <= 0.51 + 1e-4 * slow, `${meanLength(lengths)} against ${slow}`);
    }),
    { numRuns: 60 },
  );
});
