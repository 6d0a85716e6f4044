import { spawn } from 'node:child_process';
import type { Clock } from '../timing/clock.ts';

/** The system's own way to open a file. */
const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Without a browser the system's opener fails at once; with one it may go on for as long as the page is open. */
const failsWithinMs = 1000;

/** Opens a page in the browser; false where the opener is missing or fails. */
export function openPage(
  path: string,
  clock: Clock,
  opener: readonly [string, ...string[]] = openers[process.platform] ?? ['xdg-open'],
): Promise<boolean> {
  const [command, ...args] = opener;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, path], { detached: true, stdio: 'ignore' });
    const cancel = clock.callAt(clock.nowUs() + failsWithinMs * 1000, () => settle(true));
    const settle = (isOpen: boolean) => {
      cancel();
      child.unref();
      resolve(isOpen);
    };
    child.once('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
  });
}
