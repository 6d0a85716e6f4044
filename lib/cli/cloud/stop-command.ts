import { Command } from 'commander';
import { systemClock } from '../../timing/clock.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';

export function stopCommand(): Command {
  return addCloudFlags(new Command('stop'))
    .description('stop a sweep in the cloud: sending ends, and what was measured is reported')
    .argument('<id>', 'the sweep')
    .addHelpText('after', '\nExample:\n  $ paretoken stop 20261122T153001Z-nightly')
    .action(async (sweepId: string, flags: CloudFlags) => {
      const { findStack } = await import('./stack.ts');
      const { stopRemotely } = await import('./stop-remotely.ts');
      const clock = systemClock();
      await stopRemotely({ stack: await findStack(flags, clock), clock, sweepId });
    });
}
