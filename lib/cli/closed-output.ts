/** Nobody is at the other end of a pipe, or the terminal is gone. */
const closedCodes: readonly unknown[] = ['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];

/**
 * What a stream can't print ends no command: where its reader is gone (`| head -1`, a closed terminal) it falls silent, and
 * other faults, such as a full disk, are told.
 */
export function outliveReaders(streams: readonly NodeJS.EventEmitter[], tell: (error: Error) => void): void {
  for (const stream of streams) {
    stream.on('error', (error: Error) => {
      if (!isClosed(error)) tell(error);
    });
  }
}

const isClosed = (error: Error) => 'code' in error && closedCodes.includes(error.code);

export interface Reader {
  /** Aborted at the first write that finds nobody at the other end: a pipe tells it no sooner. */
  readonly gone: AbortSignal;
  close(): void;
}

/** For a command that does nothing but print. */
export function readerOf(stream: NodeJS.EventEmitter): Reader {
  const controller = new AbortController();
  const onError = (error: Error) => {
    if (isClosed(error)) controller.abort();
  };
  stream.on('error', onError);
  return { gone: controller.signal, close: () => void stream.off('error', onError) };
}
