import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Sees to it that no process group outlives this process, however it ends. */
export interface ProcessReaper {
  add(pid: number): void;
  remove(pid: number): void;
  close(): void;
}

export function startProcessReaper(): ProcessReaper {
  const script = join(import.meta.dirname, 'process-reaper.mjs');
  // Of a group of its own, so that an interrupt from the terminal does not end it first.
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  child.stdin.on('error', () => {});
  return {
    add: (pid) => void child.stdin.write(`+${pid}\n`),
    remove: (pid) => void child.stdin.write(`-${pid}\n`),
    close: () => void child.stdin.end(),
  };
}
