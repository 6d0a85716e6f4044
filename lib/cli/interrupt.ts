import { exitStopped } from './exit.ts';

export interface Interrupt {
  readonly stop: AbortSignal;
  close(): void;
}

/** The first Ctrl-C (or SIGTERM) stops the sweep, the second leaves at once. */
export function stopOnInterrupt(onStop: () => void): Interrupt {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitStopped);
    controller.abort();
    onStop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stop: controller.signal,
    close: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
