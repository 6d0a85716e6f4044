import { comparison, type Figure, relativeChange } from './apart.ts';
import type { Cohort } from './cohort.ts';
import { mergedSlices, noInterval, quantileInterval, rateInterval } from './interval.ts';
import { isShown, quantileSorted, sortedNumbers } from './quantile.ts';
import type { Arrivals } from './throughput.ts';
import type { Window } from './window.ts';

/**
 * The larger change from the first to the second half of the window, of throughput or of p50 latency (by the half in which a
 * request was due), among those that are more than 10 % with disjoint intervals; null when none is.
 */
export function driftWithin(cohort: Cohort, arrivals: Arrivals): number | null {
  const { batches, window } = arrivals;
  if (batches === null) return null;
  const pairs = [throughputHalves(arrivals, batches), latencyHalves(cohort, window)];
  const changes = pairs.flatMap(([first, second]) =>
    comparison(first, second) === 'apart' ? (relativeChange(first, second) ?? []) : [],
  );
  return changes.length === 0 ? null : Math.max(...changes);
}

function throughputHalves({ outputTokens, window }: Arrivals, batches: number): [Figure, Figure] {
  const bySlice = outputTokens?.bySlice ?? null;
  if (bySlice === null) return [nothing, nothing];
  const seconds = window.seconds / batches;
  const amounts = mergedSlices(bySlice, batches);
  const figure = (half: readonly number[]): Figure => ({
    value: half.reduce((sum, amount) => sum + amount, 0) / (seconds * half.length),
    ci: rateInterval(half.map((amount) => ({ amount, seconds }))),
  });
  return [figure(amounts.slice(0, batches / 2)), figure(amounts.slice(batches / 2))];
}

function latencyHalves({ metrics, okDueUs }: Cohort, { startUs, endUs }: Window): [Figure, Figure] {
  const middleUs = (startUs + endUs) / 2;
  const latencies = metrics.latencyMs.values;
  const figure = (inHalf: (dueUs: number) => boolean): Figure => {
    const inDueOrder = latencies.filter((latency, row) => !Number.isNaN(latency) && inHalf(okDueUs[row] ?? 0));
    const sorted = sortedNumbers(inDueOrder);
    const value = isShown(50, sorted.length) ? quantileSorted(sorted, 0.5) : null;
    return value === null ? nothing : { value, ci: quantileInterval({ runs: [inDueOrder], sorted }, 0.5, value) };
  };
  return [figure((dueUs) => dueUs < middleUs), figure((dueUs) => dueUs >= middleUs)];
}

const nothing: Figure = { value: null, ci: noInterval };
