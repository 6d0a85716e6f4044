import { Command } from 'commander';
import { sweepIdOf, sweepIdPattern } from '../../plan/sweep-id.ts';
import { systemClock } from '../../timing/clock.ts';
import { RefusedError } from '../exit.ts';
import { addFailOn, type FailOnFlags, failOnHelp, refuseUnjudgeable } from '../fail-on.ts';
import { readSpec } from '../read-spec.ts';
import { addSweepFlags, overridesOf } from '../sweep-flags.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';

interface StartFlags extends CloudFlags, FailOnFlags {
  readonly id?: string;
  readonly wait?: true;
  readonly json?: true;
  readonly quiet?: true;
}

export function startCommand(): Command {
  const command = new Command('start')
    .description('start a sweep in the cloud, in the stack that `npx cdk deploy` made')
    .argument('[file]', 'the sweep as YAML or JSON; flags stand above it');
  return addFailOn(addCloudFlags(addSweepFlags(command)))
    .option('--id <id>', 'id of the sweep (default: time and name)')
    .option('--wait', 'show progress until it is over, then its table')
    .option('--json', 'with --wait: print events as a JSON object a line instead of the table')
    .option('--quiet', 'with --wait: no progress')
    .addHelpText('after', help)
    .action(async (file: string | undefined, flags: StartFlags, self: Command) => {
      const { failOn = [] } = flags;
      if (failOn.length > 0 && !flags.wait) {
        throw new RefusedError(
          '--fail-on judges the report, which is there when the sweep is over: add --wait, or give it to `paretoken watch`',
        );
      }
      const { spec, written, input } = await readSpec(file, overridesOf(self), 'start');
      refuseUnjudgeable(failOn, spec);
      const { findStack } = await import('./stack.ts');
      const { startRemotely } = await import('./start-remotely.ts');
      const clock = systemClock();
      const sweepId = flags.id ?? sweepIdOf(spec.name, clock.nowEpochMs());
      if (!sweepIdPattern.test(sweepId)) {
        throw new RefusedError(`"${sweepId}" is no id of a sweep: use at most 64 letters, digits, - and _`);
      }
      const stack = await findStack(flags, clock);
      await startRemotely({ stack, clock, sweepId, spec, written, input });
      if (!flags.wait) {
        process.stdout.write(`${sweepId}\n`);
        return;
      }
      const { watchRemotely } = await import('./watch-remotely.ts');
      const output = flags.json ? 'json' : flags.quiet ? 'quiet' : 'progress';
      process.exitCode = await watchRemotely({ stack, clock, sweepId, output, failOn });
    });
}

const help = `
Without --wait it prints the sweep's id as soon as the sweep runs.
${failOnHelp}

Examples:
  $ paretoken start sweep.yaml --wait --fail-on "ttft.p95@8>500"
  $ paretoken start sweep.yaml --levels 1,8,64 --stack Paretoken --region eu-central-1 --profile lab
  $ id=$(paretoken start sweep.yaml) && paretoken watch $id`;
