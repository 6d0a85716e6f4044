import type { SeededRandom } from '../plan/seeded-random.ts';
import { type Bell, bellCurve, bellEdges } from '../spec/bell.ts';
import type { LengthDistribution } from '../spec/lengths.ts';

/** A whole length in tokens, drawn from a distribution; of a bell what falls outside of its bounds is drawn again. */
export function drawLength(lengths: LengthDistribution, random: SeededRandom): number {
  if ('uniform' in lengths) {
    const { min, max } = lengths.uniform;
    return min + Math.floor(random() * (max - min + 1));
  }
  return 'normal' in lengths
    ? drawBell('normal', lengths.normal, random)
    : drawBell('lognormal', lengths.lognormal, random);
}

function drawBell(kind: 'normal' | 'lognormal', bell: Bell, random: SeededRandom): number {
  const { mu, sigma } = bellCurve(kind, bell);
  const [low, high] = bellEdges(bell);
  for (;;) {
    const value = mu + sigma * standardNormal(random);
    const length = kind === 'lognormal' ? Math.exp(value) : value;
    if (length >= low && length < high) return Math.min(bell.max, Math.max(bell.min, Math.round(length)));
  }
}

/** Box and Muller's transform; 1 − u lies in (0, 1], so that its logarithm is finite. */
function standardNormal(random: SeededRandom): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
