import type { RequestRecord } from '../record/request-record.ts';
import type { Window } from '../record/window-tokens.ts';

/** Finds the window of a counted stage from its requests. */
export interface CountedWindow {
  add(record: RequestRecord): void;
  /**
   * From the last stream's first measured send to the first stream's last measured end, on the clock of the records;
   * null when that is empty: the streams were never all loaded at once.
   */
  window(): Window | null;
}

export function countedWindow(): CountedWindow {
  const firstSentUs = new Map<number, number>();
  const lastSettledUs = new Map<number, number>();
  return {
    add({ phase, stream, sentUs, settledUs }) {
      if (phase !== 'cohort' || sentUs === null || settledUs === null) return;
      firstSentUs.set(stream, Math.min(sentUs, firstSentUs.get(stream) ?? sentUs));
      lastSettledUs.set(stream, Math.max(settledUs, lastSettledUs.get(stream) ?? settledUs));
    },
    window() {
      if (firstSentUs.size === 0) return null;
      const startsUs = Math.max(...firstSentUs.values());
      const endsUs = Math.min(...lastSettledUs.values());
      return endsUs > startsUs ? { startsUs, endsUs } : null;
    },
  };
}
