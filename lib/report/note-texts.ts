import type { Note } from '../curve/point.ts';
import { count, percent } from './format.ts';
import { metricWords } from './precise-text.ts';

/** Remarks about a point that leave its validity alone. */
export function noteText({ name, count: of }: Note): string {
  const many = (one: string, more: string) => (of === 1 ? `One ${one}` : `${of === null ? 'Some' : count(of)} ${more}`);
  const are = of === 1 ? 'is' : 'are';
  switch (name) {
    case 'window_short':
      return 'The window held fewer than ten latencies, so no intervals are given.';
    case 'parts_unreadable':
      return `${many('stored part', 'stored parts')} of records could not be read and ${are} left out.`;
    case 'rows_corrupt':
      return `${many('record', 'records')} made no sense (stamps or counts that can’t be) and ${are} left out.`;
    case 'receipts_missing':
      return `${many('worker', 'workers')} left no receipt: what only a receipt tells is missing.`;
    case 'tokens_per_read':
      return 'Several tokens arrived in one read on average: gaps are between reads, not between tokens.';
    case 'latency_imprecise':
      return impreciseText(metricWords.latency, of);
    case 'ttft_imprecise':
      return impreciseText(metricWords.ttft, of);
    case 'tpot_imprecise':
      return impreciseText(metricWords.tpot, of);
  }
}

function impreciseText(metric: string, margin: number | null): string {
  if (margin === null) return `The p95 of ${metric} has no 95 % interval, so it is not as precise as was asked for.`;
  return `The p95 of ${metric} is known within ±${percent(margin)} only, less precisely than was asked for.`;
}
