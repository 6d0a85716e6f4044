import { Command } from 'commander';
import { readSpec } from './read-spec.ts';
import { addSweepFlags, overridesOf } from './sweep-flags.ts';

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
      const spec = await readSpec(file, overridesOf(self), 'run');
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
