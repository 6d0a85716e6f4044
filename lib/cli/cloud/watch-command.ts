import { Command } from 'commander';
import { systemClock } from '../../timing/clock.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';

interface WatchFlags extends CloudFlags {
  readonly json?: true;
}

export function watchCommand(): Command {
  return addCloudFlags(new Command('watch'))
    .description('show a sweep in the cloud until it is over, then its table')
    .argument('<id>', 'the sweep')
    .option('--json', 'print events as a JSON object a line')
    .addHelpText(
      'after',
      '\nCtrl-C leaves; the sweep goes on.\n\nExample:\n  $ paretoken watch 20261122T153001Z-nightly',
    )
    .action(async (sweepId: string, flags: WatchFlags) => {
      const { findStack } = await import('./stack.ts');
      const { watchRemotely } = await import('./watch-remotely.ts');
      const clock = systemClock();
      const stack = await findStack(flags, clock);
      process.exitCode = await watchRemotely({ stack, clock, sweepId, output: flags.json ? 'json' : 'progress' });
    });
}
