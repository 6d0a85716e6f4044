import type { OnReadOpts, Socket } from 'node:net';

/** All sockets of a thread read into this in turn: what is read is copied out before the next one reads. */
const landing = Buffer.allocUnsafe(256 * 1024);

/**
 * Hands what a socket reads straight to whoever listens for `readable`, past the queue of Node's readable streams and
 * without a fresh 64 kB for each read (docs/decisions/0005-direct-reads.md). Give `onread` to the
 * connect call and `attach` the socket that it returns, before anything listens.
 */
export function directReads(): { readonly onread: OnReadOpts; attach(socket: Socket): void } {
  const unread: Buffer[] = [];
  let socket: Socket | null = null;
  return {
    onread: {
      buffer: landing,
      callback(length, buffer) {
        const bytes = Buffer.allocUnsafe(length);
        bytes.set(buffer.subarray(0, length));
        unread.push(bytes);
        socket?.emit('readable');
        return true;
      },
    },
    attach(attached) {
      socket = attached;
      const ordinary = attached.read.bind(attached);
      // Node itself reads nothing but 0 bytes, to see the end of the stream.
      attached.read = (size?: number) => (size === 0 ? ordinary(0) : (unread.shift() ?? null));
    },
  };
}
