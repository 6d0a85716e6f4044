import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { systemClock } from '../timing/clock.ts';

/** The mock is up within this time, or something is badly wrong. */
const mockStartMs = 15_000;

/** A mocked endpoint in a process of its own, so that it takes no time of the one that measures. */
export interface MockProcess {
  /** The base of its API. */
  readonly url: string;
  close(): void;
}

/** Starts `paretoken mock` with these flags on a free port; it ends with this process, however that ends. */
export async function startMockProcess(flags: readonly string[] = []): Promise<MockProcess> {
  const entry = join(import.meta.dirname, `main${extname(import.meta.filename)}`);
  const child = fork(entry, ['mock', '--port', '0', ...flags], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const clock = systemClock();
  const gaveUp = new AbortController();
  const giveUp = () => gaveUp.abort();
  const cancel = clock.callAt(clock.nowUs() + mockStartMs * 1000, giveUp);
  child.once('exit', giveUp);
  try {
    const [message] = (await once(child, 'message', { signal: gaveUp.signal })) as [{ url: string }];
    return { url: message.url, close: () => void child.kill() };
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error('the mocked endpoint did not start', { cause });
  } finally {
    cancel();
    child.off('exit', giveUp);
  }
}
