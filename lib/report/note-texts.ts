import type { Note } from '../curve/point.ts';
import { count } from './format.ts';

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
  }
}
