import { createHash } from 'node:crypto';
import type { Assignment } from '../plan/assignment.ts';
import { inputKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import type { Row } from '../workload/row.ts';
import { parseRows } from '../workload/rows.ts';

/**
 * The rows of the workload's file, from the store; null where the workload has none.
 * @throws Error when the file is not there, is another one, or can't be read
 */
export async function readRows(
  store: Store,
  { sweepId, workload }: Pick<Assignment, 'sweepId' | 'workload'>,
): Promise<readonly Row[] | null> {
  const { file } = workload;
  if (file === null) return null;
  if (typeof file === 'string') throw new Error(`workload.file: ${file} was not brought to where workers read it`);
  const key = inputKey(sweepId, file.sha256);
  const bytes = await store.get(key);
  if (bytes === null) throw new Error(`workload.file: ${file.name} is not there any more: ${key} is missing`);
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
    throw new Error(`workload.file: ${key} is not the file that the sweep was begun with: its SHA-256 is another`);
  }
  const parsed = parseRows(bytes, workload);
  if ('faults' in parsed) throw new Error(`workload.file: ${file.name} ${parsed.faults[0]}`);
  return parsed.rows;
}
