import { Writable } from 'node:stream';
import { main } from '../../lib/cli/program.ts';
import type { Ran, RunOptions } from './command-line.ts';

/**
 * Runs the command line in this process, for what is only a matter of words and exit code; gives all that it printed. One
 * at a time: the folder, the environment and the streams are the process's own. That a process shows the same is tested
 * beside the refusals.
 */
export async function paretokenHere(
  args: readonly string[],
  { cwd, env = {} }: Pick<RunOptions, 'cwd' | 'env'>,
): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const printed = { stdout: '', stderr: '' };
  const put = [
    replace(
      'stdout',
      sink((text) => (printed.stdout += text)),
    ),
    replace(
      'stderr',
      sink((text) => (printed.stderr += text)),
    ),
    replace('env', { PATH, HOME, ...env }),
  ];
  const before = { folder: process.cwd(), exitCode: process.exitCode };
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    await main(['node', 'paretoken', ...args]);
    return { code: Number(process.exitCode ?? 0), ...printed };
  } finally {
    process.exitCode = before.exitCode;
    process.chdir(before.folder);
    for (const back of put) back();
  }
}

/** Puts another value in the place of one of the process; gives the way back. */
function replace(name: 'stdout' | 'stderr' | 'env', value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(process, name);
  if (own === undefined) throw new Error(`process.${name} is no property of its own`);
  Object.defineProperty(process, name, { configurable: true, value });
  return () => void Object.defineProperty(process, name, own);
}

/** A stream that is no terminal. */
function sink(take: (text: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk, _, done) {
      take(String(chunk));
      done();
    },
  });
}
