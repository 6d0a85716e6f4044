import { type FileHandle, open, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { codeOf, storeError } from './file-store.ts';
import type { Journal } from './journal.ts';
import { makeFolder } from './make-folder.ts';

/**
 * A journal in a file of a results folder, for one process at a time. The system is not asked to bring each line to the
 * disk at once: lines outlive the process, not the machine's power, and neither do the files that they speak of.
 */
export function fileJournal(folder: string, key: string): Journal {
  const path = join(resolve(folder), ...key.split('/'));
  return {
    async read() {
      try {
        const text = await readFile(path, 'utf8');
        return text
          .slice(0, text.lastIndexOf('\n') + 1)
          .split('\n')
          .slice(0, -1);
      } catch (cause) {
        if (codeOf(cause) === 'ENOENT') return [];
        throw storeError(key, 'read', path, cause);
      }
    },
    async append(line) {
      try {
        await makeFolder(dirname(path));
        const file = await open(path, 'a+');
        try {
          await appendWhole(file, `${line}\n`);
        } finally {
          await file.close();
        }
      } catch (cause) {
        throw storeError(key, 'write', path, cause);
      }
    },
  };
}

/** A line that a process or a full disk tore before must not run into this one, nor may this one stay torn. */
async function appendWhole(file: FileHandle, line: string): Promise<void> {
  const length = await wholeLength(file);
  try {
    await file.appendFile(line);
  } catch (error) {
    await file.truncate(length).catch(() => undefined);
    throw error;
  }
}

const lineEnd = 10;

/** Bytes up to and with the last line's end; what lies beyond is cut off. */
async function wholeLength(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  if (size === 0) return 0;
  const { buffer: last } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (last[0] === lineEnd) return size;
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, 0);
  const length = bytes.lastIndexOf(lineEnd) + 1;
  await file.truncate(length);
  return length;
}
