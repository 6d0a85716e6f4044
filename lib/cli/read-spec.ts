import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Override } from '../spec/layers.ts';
import { RefusedError } from './exit.ts';
import type { ReadSpec } from './workload-file.ts';

/** What a sweep by flags alone is, where a flag doesn't say. */
const withoutFile = { workload: { inputTokens: 512, outputTokens: 128 }, load: { levels: [1, 2, 4, 8, 16, 32] } };

/**
 * The sweep of a file with flags above it, or of flags alone, with the file that its workload names.
 * @throws SpecError with every fault, RefusedError where there is nothing to read
 */
export async function readSpec(
  file: string | undefined,
  overrides: readonly Override[],
  command: 'run' | 'plan' | 'probe' | 'start',
): Promise<ReadSpec> {
  const { parseWritten } = await import('../spec/parse.ts');
  const { bringWorkloadFile } = await import('./workload-file.ts');
  if (file !== undefined) {
    return bringWorkloadFile(parseWritten(await readText(file), { overrides }), dirname(resolve(file)));
  }
  if (!namesTarget(overrides)) {
    throw new RefusedError(
      `nothing to ${command}: name a file (\`paretoken init\` prints one), or give at least --url, or --host and --endpoint`,
    );
  }
  const hasPreset = overrides.some(({ path }) => path[0] === 'preset');
  return bringWorkloadFile(parseWritten('', { ...(hasPreset ? {} : { below: withoutFile }), overrides }), '.');
}

/** Whether flags say who is measured. */
export function namesTarget(overrides: readonly Override[]): boolean {
  const paths = overrides.map(({ path }) => path.join('.'));
  return paths.includes('target.url') || paths.includes('target.host');
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT')
      throw new RefusedError(`there is no file ${file}: \`paretoken init > ${file}\` makes one`, { cause });
    if (code === 'EISDIR') throw new RefusedError(`${file} is a folder: name the file of a sweep`, { cause });
    throw new RefusedError(`can't read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
