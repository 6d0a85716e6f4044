import { exitStopped } from './exit.ts';

export interface Interrupt {
  readonly stop: AbortSignal;
  close(): void;
}

/** The first Ctrl-C (or SIGTERM, or the end of the terminal) stops the sweep, a second Ctrl-C leaves at once. */
export function stopOnInterrupt(onStop: () => void): Interrupt {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      // The prompt does not follow right after ^C.
      if (process.stderr.isTTY) process.stderr.write('\n');
      process.exit(exitStopped);
    }
    controller.abort();
    onStop();
  };
  // A terminal that closes may say so twice, through the shell and by itself.
  const onHangUp = () => {
    if (!controller.signal.aborted) onSignal();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onHangUp);
  return {
    stop: controller.signal,
    close: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('SIGHUP', onHangUp);
    },
  };
}
