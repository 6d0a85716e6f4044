import type { Ending } from '../timing/outcome.ts';

/** A request ready to be sent: everything that can be done before the timed path has been done. */
export interface OutgoingRequest {
  /** Our id of the request, also sent as `x-request-id`. */
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is known about the socket that carries a request. */
export interface SocketFacts {
  /** A request went over this socket before. */
  readonly reused: boolean;
  /** When the socket began to be opened, in monotonic microseconds. */
  readonly openedUs: number;
  readonly tcpMs: number;
  /** Null for plain HTTP. */
  readonly tlsMs: number | null;
  /** As negotiated: `http/1.1` or `h2`. */
  readonly protocol: string;
  readonly remoteAddress: string;
}

/**
 * What a connection tells about one request, in the order in which it happens. Each call carries the stamp that was
 * taken before anything else; the listener stores and returns, it does no work that can be done later.
 */
export interface AnswerListener {
  sent(atUs: number, socket: SocketFacts): void;
  headers(atUs: number, status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void;
  /** `bytes` belong to the listener. `coalesced`: same read of the socket as the chunk before. */
  chunk(atUs: number, bytes: Uint8Array, coalesced: boolean): void;
  /** The body ended cleanly. */
  ended(atUs: number): void;
  /** The transport failed; `ending` is what that means when the answer was not complete. */
  failed(atUs: number, ending: Ending): void;
}

/** One stream's own way to the endpoint: at most one request at a time, never shared between streams. */
export interface Connection {
  /** Opens the socket ahead of the first send; a failure is not told here but by the send that meets it. */
  open(): Promise<void>;
  /** Sends one request. The answer aborts it: nothing more is told to its listener afterwards, the socket is closed. */
  send(request: OutgoingRequest, listener: AnswerListener): () => void;
  close(): Promise<void>;
}

/** Who is measured, seen from the load. */
export interface Target {
  connect(): Connection;
  /** Sockets opened so far. */
  socketsOpened(): number;
  close(): Promise<void>;
}
