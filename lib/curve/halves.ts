import { comparison, type Figure, relativeChange } from './apart.ts';
import type { Cohort } from './cohort.ts';
import { meanInterval, mergedSlices, noInterval, quantileInterval } from './interval.ts';
import { isShown, quantileSorted, sortedNumbers } from './quantile.ts';
import type { Throughput } from './throughput.ts';
import type { Window } from './window.ts';

export interface HalvesInput {
  readonly cohort: Cohort;
  readonly throughput: Throughput;
  readonly window: Window;
  /** Batches of the whole window; null when it is too short for intervals. */
  readonly batches: number | null;
}

/**
 * The larger change from the first to the second half of the window, of throughput or of p50 latency (by the half in which a
 * request was due), among those that are more than 10 % with disjoint intervals; null when none is.
 */
export function driftWithin({ cohort, throughput, window, batches }: HalvesInput): number | null {
  if (batches === null) return null;
  const pairs = [throughputHalves(throughput, window, batches), latencyHalves(cohort, window)];
  const changes = pairs.flatMap(([first, second]) =>
    comparison(first, second) === 'apart' ? (relativeChange(first, second) ?? []) : [],
  );
  return changes.length === 0 ? null : Math.max(...changes);
}

function throughputHalves({ tokensBySlice }: Throughput, window: Window, batches: number): [Figure, Figure] {
  if (tokensBySlice === null) return [nothing, nothing];
  const rates = mergedSlices(tokensBySlice, batches).map((tokens) => tokens / (window.seconds / batches));
  const figure = (half: readonly number[]): Figure => ({
    value: half.reduce((sum, rate) => sum + rate, 0) / half.length,
    ci: meanInterval(half),
  });
  return [figure(rates.slice(0, batches / 2)), figure(rates.slice(batches / 2))];
}

function latencyHalves({ metrics, okDueUs }: Cohort, { startUs, endUs }: Window): [Figure, Figure] {
  const middleUs = (startUs + endUs) / 2;
  const latencies = metrics.latencyMs.values;
  const figure = (inHalf: (dueUs: number) => boolean): Figure => {
    const inDueOrder = latencies.filter((latency, row) => !Number.isNaN(latency) && inHalf(okDueUs[row] ?? 0));
    const sorted = sortedNumbers(inDueOrder);
    const value = isShown(50, sorted.length) ? quantileSorted(sorted, 0.5) : null;
    return value === null ? nothing : { value, ci: quantileInterval({ inDueOrder, sorted }, 0.5, value) };
  };
  return [figure((dueUs) => dueUs < middleUs), figure((dueUs) => dueUs >= middleUs)];
}

const nothing: Figure = { value: null, ci: noInterval };
