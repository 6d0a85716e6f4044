import type { Receipt } from '../record/receipt.ts';
import type { StageColumns } from '../record/stage-columns.ts';
import type { Point, Usage } from './point.ts';

/**
 * What all requests of a stage used, in whichever phase they were sent. A request that a receipt tells of and that left no
 * record counts as one without usage.
 */
export function usageOf(
  { rows, worker, sentUs, inputTokens, outputTokens }: StageColumns,
  receipts: readonly Pick<Receipt, 'worker' | 'requests'>[],
): Usage {
  const usage = { requests: 0, inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 0 };
  const recorded = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const of = worker[row] ?? 0;
    recorded.set(of, (recorded.get(of) ?? 0) + 1);
    if (Number.isNaN(sentUs[row])) continue;
    const [input = Number.NaN, output = Number.NaN] = [inputTokens[row], outputTokens[row]];
    usage.requests += 1;
    usage.inputTokens += input || 0;
    usage.outputTokens += output || 0;
    if (Number.isNaN(input) || Number.isNaN(output)) usage.requestsWithoutUsage += 1;
  }
  const unrecorded = receipts.reduce(
    (sum, receipt) => sum + Math.max(0, receipt.requests - (recorded.get(receipt.worker) ?? 0)),
    0,
  );
  usage.requests += unrecorded;
  usage.requestsWithoutUsage += unrecorded;
  return usage;
}

export function sumOfUsage(usages: readonly Usage[]): Usage {
  const sum = (of: keyof Usage) => usages.reduce((total, usage) => total + usage[of], 0);
  return {
    requests: sum('requests'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    requestsWithoutUsage: sum('requestsWithoutUsage'),
  };
}

/**
 * What all stages of a sweep used, from every point that was kept: those whose stages a later point holds as well are left
 * out. Null where a point does not know.
 */
export function usageOfPoints(points: readonly Pick<Point, 'stages' | 'usage'>[]): Usage | null {
  const whole = points.filter(
    ({ stages }) =>
      !points.some((other) => other.stages.length > stages.length && stages.every((k) => other.stages.includes(k))),
  );
  const usages = whole.map(({ usage }) => usage);
  return usages.includes(null) ? null : sumOfUsage(usages.filter((usage) => usage !== null));
}
