import { type SeededRandom, seededRandom } from '../plan/seeded-random.ts';

/** A factor by which a duration is multiplied; its mean is 1. */
export type Jitter = () => number;

/**
 * Log-normal factors of mean 1 and standard deviation `deviation`, always 1 when that is 0: exp(σz − σ² ÷ 2) with
 * σ² = ln(1 + deviation²). The same seed and id give the same factors, whatever else goes on in the server.
 */
export function jitter(deviation: number, seed: number, id: string): Jitter {
  if (deviation === 0) return () => 1;
  const random = seededRandom(seed, 'jitter', id);
  const variance = Math.log(1 + deviation ** 2);
  const sigma = Math.sqrt(variance);
  return () => Math.exp(sigma * standardNormal(random) - variance / 2);
}

/** Box and Muller's transform; 1 − u lies in (0, 1], so that its logarithm is finite. */
function standardNormal(random: SeededRandom): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
