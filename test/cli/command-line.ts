import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '..', '..', 'lib', 'cli', 'main.ts');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told each time that something was printed, to send a signal at the right moment. */
  onOutput?(text: string, kill: (signal: NodeJS.Signals) => void): void;
  /** Killed without warning after this time, whatever it is doing. */
  readonly killAfterMs?: number;
  /** No file may be larger than so many blocks of 512 bytes, as POSIX counts for ulimit -f. */
  readonly fileBlocks?: number;
}

/** Runs the command line as a process of its own, ends it if it hangs, and gives all that it printed. */
export function paretoken(args: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, env = {}, onOutput, killAfterMs = 60_000, fileBlocks } = options;
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE = '' } = process.env;
  const command = [process.execPath, entry, ...args] as const;
  const limited = ['sh', '-c', `ulimit -f ${fileBlocks} && exec "$@"`, 'sh', ...command] as const;
  const [program, ...rest] = fileBlocks === undefined ? command : limited;
  const child = spawn(program, rest, {
    cwd,
    env: { PATH, HOME, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: killAfterMs,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  const heard = () => onOutput?.(stdout + stderr, (signal) => void child.kill(signal));
  child.stdout.on('data', (data) => {
    stdout += data;
    heard();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    heard();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs `use` in an empty folder that is gone afterwards. */
export async function inEmptyFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'paretoken-cli-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
