import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from './package.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('print a commented sweep.yaml to start from')
    .addHelpText('after', '\nExample:\n  $ paretoken init > sweep.yaml')
    .action(() => {
      process.stdout.write(readFileSync(join(packageFolder(), 'examples', 'sweep.yaml'), 'utf8'));
    });
}
