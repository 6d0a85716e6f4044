import { Command } from 'commander';
import { specJsonSchema } from '../spec/schema.ts';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a sweep, for editors and checks')
    .addHelpText('after', '\nExample:\n  $ paretoken schema > sweep.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
    });
}
