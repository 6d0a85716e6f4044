import { Command } from 'commander';
import { systemClock } from '../../timing/clock.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';

interface StatusFlags extends CloudFlags {
  readonly json?: true;
}

export function statusCommand(): Command {
  return addCloudFlags(new Command('status'))
    .description('say where a sweep in the cloud stands')
    .argument('<id>', 'the sweep')
    .option('--json', 'print status.json')
    .addHelpText('after', '\nExample:\n  $ paretoken status 20261122T153001Z-nightly')
    .action(async (sweepId: string, flags: StatusFlags) => {
      const { findStack } = await import('./stack.ts');
      const { statusOf } = await import('./status-of.ts');
      const { describeProgress } = await import('./describe-progress.ts');
      const { executionsOf } = await import('./executions.ts');
      const stack = await findStack(flags, systemClock());
      const status = await statusOf(stack, sweepId);
      const told = flags.json
        ? JSON.stringify(status, null, 2)
        : await describeProgress(stack.store, status, executionsOf(stack).whyDead);
      process.stdout.write(`${told}\n`);
    });
}
