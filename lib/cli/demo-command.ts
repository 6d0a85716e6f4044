import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Command } from 'commander';
import { packageFolder } from './package.ts';

/** The mock is up within this time, or something is badly wrong. */
const mockStartMs = 15_000;

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
      const { child, url } = await startMock();
      try {
        const spec = parseSpec(text, [{ path: ['target', 'url'], value: url }]);
        process.exitCode = await runLocally({ spec, folder: out, id: null, output: 'progress' });
      } finally {
        child.kill();
      }
    });
}

async function startMock(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const entry = join(import.meta.dirname, `main${extname(import.meta.filename)}`);
  const child = fork(entry, ['mock', '--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(mockStartMs) })) as [{ url: string }];
    return { child, url: message.url };
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error('the mocked endpoint did not start', { cause });
  }
}
