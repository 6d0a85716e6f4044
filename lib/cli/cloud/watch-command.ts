import { Command } from 'commander';
import { systemClock } from '../../timing/clock.ts';
import { addFailOn, type FailOnFlags, failOnHelp } from '../fail-on.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';

interface WatchFlags extends CloudFlags, FailOnFlags {
  readonly json?: true;
}

export function watchCommand(): Command {
  return addFailOn(addCloudFlags(new Command('watch')))
    .description('show a sweep in the cloud until it is over, then its table')
    .argument('<id>', 'the sweep')
    .option('--json', 'print events as a JSON object a line')
    .addHelpText(
      'after',
      `\nCtrl-C leaves; the sweep goes on.\n${failOnHelp}\n\nExamples:\n  $ paretoken watch 20261122T153001Z-nightly\n  $ paretoken watch 20261122T153001Z-nightly --fail-on "errors>0.01"`,
    )
    .action(async (sweepId: string, flags: WatchFlags) => {
      const { findStack } = await import('./stack.ts');
      const { watchRemotely } = await import('./watch-remotely.ts');
      const clock = systemClock();
      const stack = await findStack(flags, clock);
      const output = flags.json ? 'json' : 'progress';
      const failOn = flags.failOn ?? [];
      const onlyPrints = failOn.length === 0;
      process.exitCode = await watchRemotely({ stack, clock, sweepId, output, failOn, onlyPrints });
    });
}
