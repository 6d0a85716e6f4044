import type { Command } from 'commander';

/** Which deployed stack is meant, and with whose rights; what is not said is as the AWS CLI has it. */
export interface CloudFlags {
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

export const defaultStack = 'Paretoken';

export function addCloudFlags(command: Command): Command {
  return command
    .option('--stack <name>', 'name of the deployed stack', defaultStack)
    .option('--region <name>', 'AWS region (default: as the AWS CLI finds it)')
    .option('--profile <name>', 'AWS profile (default: as the AWS CLI finds it)');
}
