/** Terms this much smaller than the largest no longer change a sum of doubles. */
const negligible = 1e-25;

/** Ranks between which a quantile lies with 95 %; null where the sample is too small for that bound. */
export interface RankBounds {
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Bounds of the p-quantile among m independent values: `lower` the largest rank l with P(Bin(m, p) < l) ≤ tail, `upper`
 * the smallest rank u with P(Bin(m, p) ≥ u) ≤ tail; null for l < 1 and u > m.
 */
export function quantileRanks(m: number, p: number, tail = 0.025): RankBounds {
  const { first, masses } = binomialMasses(m, p);
  let lower = first;
  for (let below = 0, k = 0; k < masses.length; k++) {
    below += masses[k] ?? 0;
    if (below > tail) break;
    lower = first + k + 1;
  }
  let upper = first + masses.length;
  for (let above = 0, k = masses.length - 1; k >= 0; k--) {
    above += masses[k] ?? 0;
    if (above > tail) break;
    upper = first + k;
  }
  return { lower: lower < 1 ? null : lower, upper: upper > m ? null : upper };
}

/** P(Bin(m, p) = first + k) by the ratio of neighbours from the mode on; what is negligible is left out. */
function binomialMasses(m: number, p: number): { first: number; masses: number[] } {
  const mode = Math.min(m, Math.floor((m + 1) * p));
  const odds = p / (1 - p);
  const rising: number[] = [];
  for (let k = mode, mass = 1; k > 0; k--) {
    mass *= k / ((m - k + 1) * odds);
    if (mass < negligible) break;
    rising.push(mass);
  }
  const masses = [...rising.reverse(), 1];
  const first = mode - rising.length;
  for (let k = mode, mass = 1; k < m; k++) {
    mass *= ((m - k) * odds) / (k + 1);
    if (mass < negligible) break;
    masses.push(mass);
  }
  const sum = masses.reduce((total, mass) => total + mass, 0);
  return { first, masses: masses.map((mass) => mass / sum) };
}
