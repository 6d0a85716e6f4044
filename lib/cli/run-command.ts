import { Command } from 'commander';
import { sweepIdPattern } from '../plan/sweep-id.ts';
import type { Override } from '../spec/layers.ts';
import type { Spec } from '../spec/schema.ts';
import { RefusedError } from './exit.ts';
import { addFailOn, type FailOnFlags, failOnHelp } from './fail-on.ts';
import type { Output } from './progress/sweep-display.ts';
import { namesTarget, readSpec } from './read-spec.ts';
import { addSweepFlags, overridesOf } from './sweep-flags.ts';

interface RunFlags extends FailOnFlags {
  readonly out: string;
  readonly id?: string;
  readonly resume?: true | readonly string[];
  readonly json?: true;
  readonly quiet?: true;
}

export function runCommand(): Command {
  const command = new Command('run')
    .description('run a sweep from this machine and write its report')
    .argument('[file]', 'the sweep as YAML or JSON; flags stand above it, and without a file say everything');
  addSweepFlags(command)
    .option('--out <dir>', 'results folder; holds any number of sweeps', 'results')
    .option('--id <id>', 'id of the sweep (default: time and name)')
    .option('--resume [dir...]', 'go on with an unfinished sweep: results folder, then id (default: the newest)')
    .option('--json', 'print events as a JSON object a line instead of the table')
    .option('--quiet', 'no progress');
  return addFailOn(command)
    .addHelpText('after', help)
    .action(async (file: string | undefined, flags: RunFlags, self: Command) => {
      const { out, id, resume, json, quiet, failOn = [] } = flags;
      const output: Output = json ? 'json' : quiet ? 'quiet' : 'progress';
      if (resume) {
        process.exitCode = await goOn(resume, { file, flags, self, output });
        return;
      }
      const { spec, input } = await readSpec(file, overridesOf(self), 'run');
      const { runLocally } = await import('./run-locally.ts');
      process.exitCode = await runLocally({
        spec,
        input,
        folder: out,
        id: id ?? null,
        output,
        endpoint: 'lasting',
        failOn,
      });
    });
}

interface Given {
  readonly file: string | undefined;
  readonly flags: RunFlags;
  readonly self: Command;
  readonly output: Output;
}

/** `--resume [DIR] [ID]`; what else is given must be what the sweep began with. */
async function goOn(resume: true | readonly string[], { file, flags, self, output }: Given): Promise<number> {
  const [folder = flags.out, named, ...more] = resume === true ? [] : resume;
  const id = named ?? flags.id ?? null;
  if (more.length > 0 || (named !== undefined && !sweepIdPattern.test(named))) {
    throw new RefusedError(
      `after --resume come a results folder and the id of a sweep, not ${[named, ...more].join(' ')}: a file goes before it`,
    );
  }
  if (flags.id !== undefined && flags.id !== id) {
    throw new RefusedError(`--resume names the sweep ${id}, --id ${flags.id}: leave one of them out`);
  }
  if (self.getOptionValueSource('out') === 'cli' && flags.out !== folder) {
    throw new RefusedError('a sweep goes on in the folder where it rests: leave --out out, or name the same folder');
  }
  const asked = await readAsked(file, overridesOf(self));
  const { resumeLocally } = await import('./resume/resume-locally.ts');
  return resumeLocally({ folder, id, asked, output, failOn: flags.failOn ?? [] });
}

/** The sweep that a file and flags ask for; null when they say nothing. */
async function readAsked(file: string | undefined, overrides: readonly Override[]): Promise<Spec | null> {
  if (file === undefined && overrides.length === 0) return null;
  const paths = overrides.map(({ path }) => path.join('.'));
  if (file !== undefined || namesTarget(overrides)) return (await readSpec(file, overrides, 'run')).spec;
  throw new RefusedError(
    `a sweep goes on with what it began with: leave the flag of ${paths.join(', ')} out, or run it anew without --resume`,
  );
}

const help = `
Without a file: 512 input tokens, 128 output tokens and levels 1,2,4,8,16,32, unless flags say otherwise.

A sweep that was stopped, cut off or failed by a fault of this machine is resumed where it was: what was measured
stands, and the level that was under way runs again. The key is read from the environment again.
${failOnHelp}

Examples:
  $ paretoken run sweep.yaml
  $ paretoken run sweep.yaml --levels 1,2,4 --measure 20s
  $ OPENAI_API_KEY=... paretoken run --url https://api.example.com/v1 --model my-model --auth-env OPENAI_API_KEY
  $ paretoken run sweep.yaml --json > events.ndjson
  $ paretoken run sweep.yaml --fail-on "ttft.p95@8>500" --fail-on "errors>0.01"
  $ paretoken run --resume
  $ paretoken run --resume results 20261122T153001Z-nightly

Exit codes: 0 done · 1 a --fail-on condition holds or can't be judged · 2 refused before any request
            3 the probe failed · 4 ended by errors, a budget or a fault, or no valid point
            70 a fault of Paretoken's own · 130 stopped`;
