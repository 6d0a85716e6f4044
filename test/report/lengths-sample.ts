import type { Distribution, Point } from '../../lib/curve/point.ts';
import type { Cell } from '../../lib/plan/stage.ts';
import type { Report } from '../../lib/report/report.ts';
import { curveOf, sampleReport } from './sample-report.ts';

/** A grid of two lengths each: every further 1,000 input tokens make prefill 120 ms longer. */
export function lengthsReport(cells: readonly Cell[] = lengthsGrid): Report {
  const reports = cells.map((cell) => {
    const report = sampleReport({ cell, levels: [1, 4, 16, 64] });
    const points = report.points.map(withPrefill);
    return { ...report, points, curves: [curveOf(points, cell)] };
  });
  const [first] = reports;
  if (first === undefined) throw new Error('a grid has cells');
  return {
    ...first,
    points: reports.flatMap(({ points }) => points),
    curves: reports.flatMap(({ curves }) => curves),
  };
}

export const lengthsGrid: readonly Cell[] = [512, 4096].flatMap((inputTokens) =>
  [64, 256].map((outputTokens) => ({ inputTokens, outputTokens })),
);

/** Prefill adds to TTFT and to latency, and takes throughput away. */
function withPrefill(point: Point): Point {
  const prefillMs = 0.12 * point.cell.inputTokens;
  const latency = point.latencyMs.p50 ?? 1;
  const slower = (rate: Point['outputTokensPerSecond']): Point['outputTokensPerSecond'] => ({
    ...rate,
    value: rate.value === null ? null : (rate.value * latency) / (latency + prefillMs),
  });
  return {
    ...point,
    ttftMs: later(point.ttftMs, prefillMs),
    ttfoMs: later(point.ttfoMs, prefillMs),
    latencyMs: later(point.latencyMs, prefillMs),
    latencyFromDueMs: later(point.latencyFromDueMs, prefillMs),
    outputTokensPerSecond: slower(point.outputTokensPerSecond),
    totalTokensPerSecond: slower(point.totalTokensPerSecond),
    meanInputTokens: point.meanInputTokens === null ? null : point.cell.inputTokens,
  };
}

function later(times: Distribution, byMs: number): Distribution {
  const more = (value: number | null) => (value === null ? null : value + byMs);
  const { p50, p90, p95, p99 } = times;
  const percentiles = { p50: more(p50), p90: more(p90), p95: more(p95), p99: more(p99) };
  return {
    ...times,
    ...percentiles,
    mean: more(times.mean),
    max: more(times.max),
    ci: { p50: [null, null], p90: [null, null], p95: [null, null], p99: [null, null] },
    quantiles: null,
    withFailures: percentiles,
  };
}
