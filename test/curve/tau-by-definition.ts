/** τ as it is defined, every autocorrelation summed value by value. */
export function tauByDefinition(sequence: readonly number[]): number {
  const n = sequence.length;
  const yes = sequence.reduce((sum, x) => sum + x, 0);
  // × n³, so that it is a whole number.
  const covariance = (k: number) =>
    sequence.slice(0, n - k).reduce((sum, x, i) => sum + (n * x - yes) * (n * (sequence[i + k] ?? 0) - yes), 0);
  if (covariance(0) === 0) return 1;
  const rho = (k: number) => covariance(k) / covariance(0);
  let tau = 1;
  for (let j = 0; 2 * j + 1 < n / 2; j++) {
    const pair = rho(2 * j) + rho(2 * j + 1);
    if (!(pair > 0)) break;
    tau += 2 * (j === 0 ? rho(1) : pair);
  }
  return Math.max(1, tau);
}
