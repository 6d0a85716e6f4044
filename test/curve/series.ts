import { type SeededRandom, seededRandom } from '../../lib/plan/seeded-random.ts';

/** A standard normal number (Box & Muller). */
export function normal(random: SeededRandom): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** n normal numbers of mean 0 and variance 1, each with the correlation `phi` to the one before. */
export function autoregressive(seed: string, n: number, phi: number): Float64Array {
  const random = seededRandom(seed);
  const series = new Float64Array(n);
  let value = normal(random);
  for (let i = 0; i < n; i++) {
    series[i] = value;
    value = phi * value + Math.sqrt(1 - phi * phi) * normal(random);
  }
  return series;
}
