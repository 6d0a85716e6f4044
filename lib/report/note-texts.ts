import type { Note } from '../curve/point.ts';
import { count } from './format.ts';

/** Remarks about a point that leave its validity alone. */
export function noteText({ name, count: of }: Note): string {
  const many = of === null ? 'Some' : count(of);
  switch (name) {
    case 'window_short':
      return 'The window held fewer than ten latencies, so no intervals of throughput are given.';
    case 'parts_unreadable':
      return `${many} stored parts of records could not be read and are left out.`;
    case 'rows_corrupt':
      return `${many} records made no sense (their stamps contradict each other) and are left out.`;
    case 'receipts_missing':
      return `${many} workers left no receipt; what only receipts hold is missing for them.`;
    case 'tokens_per_read':
      return 'Several tokens arrived in one read on average: gaps are between reads, not between tokens.';
  }
}
