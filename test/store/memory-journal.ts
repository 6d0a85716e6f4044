import type { Journal } from '../../lib/store/journal.ts';

/** A journal for tests: its lines in memory. */
export function memoryJournal(lines: string[] = []): Journal {
  return {
    read: async () => [...lines],
    async append(line) {
      lines.push(line);
    },
  };
}
