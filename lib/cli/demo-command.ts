import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { startMockProcess } from './mock-process.ts';
import { packageFolder } from './package.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description('run a short sweep against a mocked endpoint in a process of its own')
    .option('--out <dir>', 'results folder', 'results')
    .addHelpText(
      'after',
      '\nTakes about 80 seconds; needs no endpoint, no key and no network.\n\nExample:\n  $ paretoken demo',
    )
    .action(async ({ out }: { readonly out: string }) => {
      const { parseSpec } = await import('../spec/parse.ts');
      const { runLocally } = await import('./run-locally.ts');
      const text = await readFile(join(packageFolder(), 'examples', 'demo.yaml'), 'utf8');
      const mock = await startMockProcess();
      try {
        const spec = parseSpec(text, [{ path: ['target', 'url'], value: mock.url }]);
        process.exitCode = await runLocally({
          spec,
          input: null,
          folder: out,
          id: null,
          output: 'progress',
          endpoint: 'passing',
          failOn: [],
        });
      } finally {
        mock.close();
      }
    });
}
