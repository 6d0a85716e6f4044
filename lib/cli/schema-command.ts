import { Command } from 'commander';

export function schemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of a sweep, for editors and checks')
    .addHelpText('after', '\nExample:\n  $ paretoken schema > sweep.schema.json')
    .action(async () => {
      const { specJsonSchema } = await import('../spec/schema.ts');
      process.stdout.write(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
    });
}
