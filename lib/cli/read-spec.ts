import { readFile } from 'node:fs/promises';
import type { Override } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { RefusedError } from './exit.ts';

/** What a sweep by flags alone is, where a flag doesn't say. */
const withoutFile: readonly Override[] = [
  { path: ['workload', 'inputTokens'], value: 512 },
  { path: ['workload', 'outputTokens'], value: 128 },
  { path: ['load', 'levels'], value: [1, 2, 4, 8, 16, 32] },
];

/**
 * The sweep of a file with flags above it, or of flags alone.
 * @throws SpecError with every fault, RefusedError where there is nothing to read
 */
export async function readSpec(
  file: string | undefined,
  overrides: readonly Override[],
  command: 'run' | 'probe',
): Promise<Spec> {
  const { parseSpec } = await import('../spec/parse.ts');
  if (file !== undefined) return parseSpec(await readText(file), overrides);
  if (!overrides.some(({ path }) => path.join('.') === 'target.url')) {
    throw new RefusedError(
      `nothing to ${command}: name a file (\`paretoken init\` prints one), or give at least --url`,
    );
  }
  return parseSpec('', [...withoutFile, ...overrides]);
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
