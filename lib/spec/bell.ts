/** A bell of lengths in tokens; mean and deviation are its own, before it is cut to `min` … `max`. */
export interface Bell {
  readonly mean: number;
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** The normal distribution of which a length, or its logarithm, is drawn. */
export interface BellCurve {
  readonly mu: number;
  readonly sigma: number;
}

/** `lognormal`: σ² = ln(1 + (deviation ÷ mean)²), µ = ln(mean) − σ² ÷ 2, so that mean and deviation are those of the lengths. */
export function bellCurve(kind: 'normal' | 'lognormal', { mean, deviation }: Bell): BellCurve {
  if (kind === 'normal') return { mu: mean, sigma: deviation };
  const variance = Math.log1p((deviation / mean) ** 2);
  return { mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}

/** Where a whole length's share of the curve begins and ends: half a token on either side. */
export const bellEdges = ({ min, max }: Bell): readonly [number, number] => [min - 0.5, max + 0.5];

/** Share of the bell between its edges. */
export function bellShare(kind: 'normal' | 'lognormal', bell: Bell): number {
  const [low, high] = standardEdges(kind, bell);
  return normalCdf(high) - normalCdf(low);
}

/**
 * Mean of the bell cut to its edges, in closed form: with a, b the edges in deviations, µ − σ × (φ(b) − φ(a)) ÷ (Φ(b) − Φ(a));
 * of a lognormal one mean × (Φ(b − σ) − Φ(a − σ)) ÷ (Φ(b) − Φ(a)).
 */
export function bellMean(kind: 'normal' | 'lognormal', bell: Bell): number {
  const { mu, sigma } = bellCurve(kind, bell);
  const [a, b] = standardEdges(kind, bell);
  const share = normalCdf(b) - normalCdf(a);
  if (kind === 'lognormal') return (bell.mean * (normalCdf(b - sigma) - normalCdf(a - sigma))) / share;
  return mu - (sigma * (normalDensity(b) - normalDensity(a))) / share;
}

function standardEdges(kind: 'normal' | 'lognormal', bell: Bell): readonly [number, number] {
  const { mu, sigma } = bellCurve(kind, bell);
  const [low, high] = bellEdges(bell);
  const scale = kind === 'lognormal' ? Math.log : (value: number) => value;
  return [(scale(low) - mu) / sigma, (scale(high) - mu) / sigma];
}

const normalDensity = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Φ, by the error function of Abramowitz and Stegun, 7.1.26: off by 1.5e-7 at most. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-x * x)) / 2;
  return z < 0 ? tail : 1 - tail;
}
