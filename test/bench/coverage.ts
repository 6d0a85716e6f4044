import { type normalQuantiles, pooledCoverage, quantileCoverage, throughputCoverage } from '../curve/coverage.ts';
import { mockCoverage } from './mock-coverage.ts';

// How often 95 % intervals hold the truth, over 200 seeds each. Run by hand: node test/bench/coverage.ts
const seeds = 200;
const probabilities = [0.5, 0.9, 0.95, 0.99] as const satisfies readonly (keyof typeof normalQuantiles)[];
const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8);

const lines = [
  `${'correlation'.padEnd(14)}${'n'.padStart(6)}  ${probabilities.map((p) => `p${100 * p}`.padStart(8)).join('')}`,
];
for (const phi of [0, 0.3, 0.5, 0.8, 0.9, 0.95]) {
  for (const n of [200, 1000, 5000]) {
    const shares = probabilities.map((probability) => percent(quantileCoverage({ phi, n, probability, seeds })));
    lines.push(`${`φ = ${phi}`.padEnd(14)}${String(n).padStart(6)}  ${shares.join('')}`);
  }
}
for (const { level, latencyMs } of [
  { level: 1, latencyMs: 400 },
  { level: 4, latencyMs: 400 },
  { level: 16, latencyMs: 400 },
  { level: 4, latencyMs: 900 },
  { level: 4, latencyMs: 1500 },
  { level: 16, latencyMs: 1900 },
]) {
  const share = percent(throughputCoverage({ level, latencyMs, seeds }));
  lines.push(`throughput of ${level} streams, window of ${(20_000 / latencyMs).toFixed(0)} latencies: ${share}`);
}
for (const { runs, latencyMs } of [
  { runs: 2, latencyMs: 400 },
  { runs: 3, latencyMs: 900 },
  { runs: 5, latencyMs: 1500 },
]) {
  const { throughput, median } = pooledCoverage({ runs, latencyMs, seeds });
  lines.push(
    `${runs} runs together, windows of ${(20_000 / latencyMs).toFixed(0)} latencies: throughput ${percent(throughput)}, median ${percent(median)}`,
  );
}
for (const { level, slots, windowSeconds } of [
  { level: 1, slots: 16, windowSeconds: 10 },
  { level: 8, slots: 16, windowSeconds: 6 },
  { level: 24, slots: 16, windowSeconds: 6 },
]) {
  const shares = await mockCoverage({ level, slots, windowSeconds, seeds });
  const told = [...shares].map(([name, share]) => `${name} ${percent(share)}`);
  lines.push(`the mock, ${level} streams at ${slots} slots: ${told.join(', ')}`);
}
process.stdout.write(`${lines.join('\n')}\n`);
