import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { JournalEntry } from './journal.ts';

export interface JournalFile {
  append(entry: JournalEntry): void;
  /** Rejects if a line could not be written. */
  close(): Promise<void>;
}

/** Appends entries to a file as lines of JSON; rejects if it cannot be opened. */
export async function journalFile(path: string): Promise<JournalFile> {
  const stream = createWriteStream(path, { flags: 'a' });
  await once(stream, 'open');
  const written = finished(stream);
  written.catch(() => undefined);
  return {
    append: (entry) => void (stream.writable && stream.write(`${JSON.stringify(entry)}\n`)),
    async close() {
      stream.end();
      await written;
    },
  };
}
