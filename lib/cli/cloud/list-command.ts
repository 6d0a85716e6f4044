import { Command } from 'commander';
import { systemClock } from '../../timing/clock.ts';
import { addCloudFlags, type CloudFlags } from './flags.ts';

interface ListFlags extends CloudFlags {
  readonly json?: true;
}

export function listCommand(): Command {
  return addCloudFlags(new Command('list'))
    .description('list the sweeps in the cloud, the newest first')
    .option('--json', 'print a JSON array of their status.json')
    .addHelpText('after', '\nExample:\n  $ paretoken list --region eu-central-1')
    .action(async (flags: ListFlags) => {
      const { findStack } = await import('./stack.ts');
      const { listSweeps, listTable } = await import('../resume/list-sweeps.ts');
      const stack = await findStack(flags, systemClock());
      const statuses = await listSweeps(stack.store);
      process.stdout.write(`${flags.json ? JSON.stringify(statuses, null, 2) : listTable(statuses, stack)}\n`);
    });
}
