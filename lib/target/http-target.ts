import { Client, type Dispatcher } from 'undici';
import type { Clock } from '../timing/clock.ts';
import type { Tick } from '../timing/tick.ts';
import type { AddressRules } from './address.ts';
import { type OpenedSocket, openSocket } from './connector.ts';
import type { AnswerListener, Connection, SocketFacts, Target } from './target.ts';
import { transportEnding } from './transport-ending.ts';

export interface HttpTargetOptions extends AddressRules {
  /** The whole address that requests are posted to. */
  readonly url: string;
  readonly clock: Clock;
  readonly tick: Tick;
}

/** A socket without a request is kept this long, unless the server says less. */
const keepAliveMs = 600_000;

/**
 * The endpoint over HTTP/1.1: one undici client, hence one socket, per connection; no pipelining, no retries, no
 * redirects, no timeouts of undici's own (deadlines are the load's, by the clock).
 */
export function httpTarget(options: HttpTargetOptions): Target {
  const connections = new Set<Connection>();
  const server: ServerHabits = { keepsAlive: true };
  let opened = 0;
  const target: Target = {
    connect() {
      const connection = httpConnection(options, server, () => {
        opened += 1;
      });
      connections.add(connection);
      return connection;
    },
    socketsOpened: () => opened,
    async close() {
      await Promise.all([...connections].map((connection) => connection.close()));
      connections.clear();
    },
  };
  return target;
}

/** What the connections to one server learn of it from each other. */
interface ServerHabits {
  /** False once it has reset a socket that it was to keep: from then on each request gets a socket of its own. */
  keepsAlive: boolean;
}

function httpConnection(
  { url, clock, tick, privateAddresses = true }: HttpTargetOptions,
  server: ServerHabits,
  onOpened: () => void,
): Connection {
  const origin = new URL(url);
  const path = origin.pathname + origin.search;
  const closing = new AbortController();
  let opening = new AbortController();
  let ahead: OpenedSocket | null = null;
  let current: SocketFacts | null = null;

  const open = async () => {
    opening = new AbortController();
    const socket = await openSocket(
      { origin, clock, privateAddresses },
      AbortSignal.any([closing.signal, opening.signal]),
    );
    onOpened();
    return socket;
  };
  const client = new Client(origin.origin, {
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 0,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxResponseSize: -1,
    connect: (_, callback) => {
      const ready = ahead;
      ahead = null;
      const socket = ready && !ready.socket.destroyed ? Promise.resolve(ready) : open();
      socket.then(
        (socketOpened) => {
          current = { ...socketOpened, reused: false };
          callback(null, socketOpened.socket);
        },
        (error: Error) => callback(error, null),
      );
    },
  });

  return {
    async open() {
      ahead ??= await open().catch(() => null);
    },
    send(request, listener) {
      const onLost = () => {
        server.keepsAlive = false;
      };
      const exchange = new Exchange({ clock, tick, listener, onLost }, () => {
        const facts = current;
        if (facts) current = { ...facts, reused: true };
        return facts;
      });
      const { headers, body } = request;
      client.dispatch({ method: 'POST', path, headers, body, reset: !server.keepsAlive }, exchange);
      return () => {
        exchange.abort();
        // What waits for a socket in vain must not leave it to the next request.
        if (!exchange.started) opening.abort();
      };
    },
    async close() {
      closing.abort();
      ahead?.socket.destroy();
      await client.destroy();
    },
  };
}

interface ExchangeParts {
  readonly clock: Clock;
  readonly tick: Tick;
  readonly listener: AnswerListener;
  /** A socket that was used before was reset before any byte of the answer came. */
  onLost(): void;
}

/** One request and its answer on undici's callbacks: stamps first, then hands on. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #clock: Clock;
  readonly #tick: Tick;
  readonly #listener: AnswerListener;
  readonly #onLost: () => void;
  readonly #socket: () => SocketFacts | null;
  #controller: Dispatcher.DispatchController | null = null;
  #aborted = false;
  #facts: SocketFacts | null = null;
  #headersSeen = false;
  #read = -1;
  #readUs = 0;

  constructor({ clock, tick, listener, onLost }: ExchangeParts, socket: () => SocketFacts | null) {
    this.#clock = clock;
    this.#tick = tick;
    this.#listener = listener;
    this.#onLost = onLost;
    this.#socket = socket;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    const atUs = this.#clock.nowUs();
    const read = this.#tick.current();
    const coalesced = read === this.#read;
    if (!coalesced) {
      this.#readUs = atUs;
      this.#read = read;
    }
    if (!this.#aborted) this.#listener.chunk(this.#readUs, chunk, coalesced);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const atUs = this.#clock.nowUs();
    this.#controller = controller;
    if (this.#aborted) {
      controller.abort(new Error('aborted'));
      return;
    }
    this.#facts = this.#socket();
    if (this.#facts) this.#listener.sent(atUs, this.#facts);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const atUs = this.#clock.nowUs();
    if (status < 200 || this.#aborted) return;
    this.#headersSeen = true;
    this.#listener.headers(atUs, status, headers);
  }

  onResponseEnd(): void {
    const atUs = this.#clock.nowUs();
    if (!this.#aborted) this.#listener.ended(atUs);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const atUs = this.#clock.nowUs();
    if (this.#aborted) return;
    const ending = transportEnding(error, { facts: this.#facts, headersSeen: this.#headersSeen });
    if (ending.outcome === 'reset_before_headers' && this.#facts?.reused) this.#onLost();
    this.#listener.failed(atUs, ending);
  }

  /** It was given a socket. */
  get started(): boolean {
    return this.#controller !== null;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort(new Error('aborted'));
  }
}
