import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Override } from '../spec/parse.ts';
import type { Spec } from '../spec/schema.ts';
import { RefusedError } from './exit.ts';
import { addSweepFlags, overridesOf } from './sweep-flags.ts';

/** What a sweep by flags alone is, where a flag doesn't say. */
const withoutFile: readonly Override[] = [
  { path: ['workload', 'inputTokens'], value: 512 },
  { path: ['workload', 'outputTokens'], value: 128 },
  { path: ['load', 'levels'], value: [1, 2, 4, 8, 16, 32] },
];

interface RunFlags {
  readonly out: string;
  readonly id?: string;
  readonly json?: true;
  readonly quiet?: true;
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('run a sweep from this machine and write its report')
    .argument('[file]', 'the sweep as YAML or JSON; flags stand above it, and without a file say everything');
  return addSweepFlags(command)
    .option('--out <dir>', 'results folder; holds any number of sweeps', 'results')
    .option('--id <id>', 'id of the sweep (default: time and name)')
    .option('--json', 'print events as a JSON object a line instead of the table')
    .option('--quiet', 'no progress')
    .addHelpText('after', help)
    .action(async (file: string | undefined, { out, id, json, quiet }: RunFlags, self: Command) => {
      const spec = await readSpec(file, overridesOf(self));
      const { runLocally } = await import('./run-locally.ts');
      process.exitCode = await runLocally({
        spec,
        folder: out,
        id: id ?? null,
        output: json ? 'json' : quiet ? 'quiet' : 'progress',
      });
    });
}

const help = `
Without a file: 512 input tokens, 128 output tokens and levels 1,2,4,8,16,32, unless flags say otherwise.

Examples:
  $ paretoken run sweep.yaml
  $ paretoken run sweep.yaml --levels 1,2,4 --measure 20s
  $ OPENAI_API_KEY=... paretoken run --url https://api.example.com/v1 --model my-model --auth-env OPENAI_API_KEY
  $ paretoken run sweep.yaml --json > events.ndjson

Exit codes: 0 done · 2 refused before any request · 3 the probe failed · 4 ended by errors, or no valid point
            70 a fault of Paretoken's own · 130 stopped`;

async function readSpec(file: string | undefined, overrides: readonly Override[]): Promise<Spec> {
  const { parseSpec } = await import('../spec/parse.ts');
  if (file !== undefined) return parseSpec(await readText(file), overrides);
  if (!overrides.some(({ path }) => path.join('.') === 'target.url')) {
    throw new RefusedError('nothing to run: name a file (`paretoken init` prints one), or give at least --url');
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
