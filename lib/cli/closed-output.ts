/** Nobody is at the other end of a pipe, or the terminal is gone. */
const closedCodes: readonly unknown[] = ['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'];

/**
 * What a stream can't print ends no command: where its reader is gone (`| head -1`, a closed terminal) it falls silent, and
 * other faults, such as a full disk, are told.
 */
export function outliveReaders(streams: readonly NodeJS.EventEmitter[], tell: (error: Error) => void): void {
  for (const stream of streams) {
    stream.on('error', (error: Error) => {
      if (!('code' in error && closedCodes.includes(error.code))) tell(error);
    });
  }
}
