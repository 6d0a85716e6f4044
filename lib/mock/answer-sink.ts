/** How an answer breaks off: the connection closed too early, or reset. */
export type BreakOff = 'cut' | 'reset';

/** Where an answer goes, in the order in which it happens: a socket, or a test's own callbacks. */
export interface AnswerSink {
  headers(status: number, headers: Readonly<Record<string, string>>): void;
  /** A part of the body, to be sent at once. */
  chunk(bytes: Uint8Array): void;
  /** The body ended cleanly. */
  ended(): void;
  /** The connection is to break; nothing follows. */
  failed(how: BreakOff): void;
}

/** A sink that is also told how many tokens each part of the body carries. */
export interface TokenSink extends Omit<AnswerSink, 'chunk'> {
  chunk(bytes: Uint8Array, tokens: number): void;
}

/** Holds everything back until the answer is over, as a buffering proxy does: headers and body leave in one write. */
export function bufferedSink(sink: TokenSink): TokenSink {
  const parts: Uint8Array[] = [];
  let tokens = 0;
  let sendHeaders = () => {};
  const flush = () => {
    sendHeaders();
    if (parts.length > 0) sink.chunk(Buffer.concat(parts), tokens);
  };
  return {
    headers(status, headers) {
      sendHeaders = () => sink.headers(status, headers);
    },
    chunk(bytes, count) {
      parts.push(bytes);
      tokens += count;
    },
    ended() {
      flush();
      sink.ended();
    },
    failed(how) {
      flush();
      sink.failed(how);
    },
  };
}

/** Leaves the connection open after a clean end, for the client to close. */
export function heldOpenSink(sink: AnswerSink): AnswerSink {
  return {
    headers: (status, headers) => sink.headers(status, headers),
    chunk: (bytes) => sink.chunk(bytes),
    ended() {},
    failed: (how) => sink.failed(how),
  };
}
