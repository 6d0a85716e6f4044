import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { SpecError } from '../spec/fault.ts';
import type { WrittenSpec } from '../spec/parse.ts';
import type { WorkloadFile } from '../spec/workload.ts';
import { factsOf, fileBounds, parseRows } from '../workload/rows.ts';

/** A sweep with everything at hand that it needs. */
export interface ReadSpec extends WrittenSpec {
  /** The file of its workload; null without one. */
  readonly input: Uint8Array | null;
}

const mostListed = 50;

/**
 * Reads the file that a workload names, in whose place the sweep then has what the plan needs to know of it.
 * @param folder where a relative path begins
 * @throws SpecError with everything that is wrong with the file, row by row
 */
export async function bringWorkloadFile({ spec, written }: WrittenSpec, folder: string): Promise<ReadSpec> {
  const { file } = spec.workload;
  if (file === null) return { spec, written, input: null };
  if (typeof file !== 'string') throw faulty(['says what was read from a file: give the path of the file itself']);
  const path = resolve(folder, file);
  const input = await contentOf(path);
  const parsed = parseRows(input, spec.workload);
  if ('faults' in parsed) throw faulty(listed(basename(path), parsed.faults));
  const sha256 = createHash('sha256').update(input).digest('hex');
  const read: WorkloadFile = { name: basename(path), sha256, ...factsOf(parsed.rows, spec.workload) };
  return { spec: { ...spec, workload: { ...spec.workload, file: read } }, written: withFile(written, read), input };
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > fileBounds.bytes) {
      const message = `${path} has ${size.toLocaleString('en')} bytes, more than the ${fileBounds.bytes / 2 ** 20} MiB that every worker can hold`;
      throw faulty([message]);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof SpecError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT') throw faulty([`is not there: ${path}`]);
    throw faulty([`can't be read: ${path}: ${cause instanceof Error ? cause.message : String(cause)}`]);
  }
}

function listed(name: string, faults: readonly string[]): string[] {
  const lines = faults.slice(0, mostListed).map((fault) => `${name} ${fault}`);
  const more = faults.length - lines.length;
  return more === 0 ? lines : [...lines, `and ${more.toLocaleString('en')} more like these`];
}

function faulty(messages: readonly string[]): SpecError {
  return new SpecError(messages.map((message) => ({ path: 'workload.file', message, position: null })));
}

function withFile(written: unknown, file: WorkloadFile): unknown {
  const whole: object = Object(written);
  return { ...whole, workload: { ...Object(Reflect.get(whole, 'workload')), file } };
}
