import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { RefusedError } from './exit.ts';
import { packageFolder } from './package.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('print a commented sweep.yaml to start from')
    .addHelpText('after', '\nExample:\n  $ paretoken init > sweep.yaml')
    .allowExcessArguments()
    .action((_, self: Command) => {
      const [file] = self.args;
      if (file !== undefined)
        throw new RefusedError(`init prints, and overwrites no file by itself: paretoken init > ${file}`);
      process.stdout.write(readFileSync(join(packageFolder(), 'examples', 'sweep.yaml'), 'utf8'));
    });
}
