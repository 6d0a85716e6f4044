import { Command } from 'commander';
import { systemClock } from '../../timing/clock.ts';
import { exitNothingMeasured } from '../exit.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';
import type { Stopped } from './stop-remotely.ts';

export function stopCommand(): Command {
  return addCloudFlags(new Command('stop'))
    .description('stop a sweep in the cloud: sending ends, and what was measured is reported')
    .argument('<id>', 'the sweep')
    .addHelpText('after', '\nExample:\n  $ paretoken stop 20261122T153001Z-nightly')
    .action(async (sweepId: string, flags: CloudFlags) => {
      const { findStack } = await import('./stack.ts');
      const { stopRemotely } = await import('./stop-remotely.ts');
      const { executionsOf } = await import('./executions.ts');
      const clock = systemClock();
      const stack = await findStack(flags, clock);
      tell(sweepId, await stopRemotely({ stack, clock, sweepId, executions: executionsOf(stack) }));
    });
}

function tell(sweepId: string, stopped: Stopped): void {
  switch (stopped.kind) {
    case 'ended':
      process.stdout.write(
        `The sweep ${sweepId} has ended: \`paretoken report ${sweepId}\` shows what was measured.\n`,
      );
      return;
    case 'dead':
      process.stderr.write(
        `error: the sweep ${sweepId} did not come to its end: ${stopped.why}. Nothing is sent any more; \`paretoken report ${sweepId}\` shows what was measured until then\n`,
      );
      process.exitCode = exitNothingMeasured;
      return;
    case 'running':
      process.stderr.write(
        `The sweep still runs; it will end at its next look: \`paretoken status ${sweepId}\` tells.\n`,
      );
  }
}
