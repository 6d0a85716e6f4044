import { Agent, request } from 'node:http';

/** What a plain HTTP client saw of an answer; it fills up while the answer comes. */
export interface SeenAnswer {
  status: number | null;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
  /** Reads of the body. */
  reads: number;
  /** The local port of the connection. */
  port: number | null;
  /** `clean`: the body was whole; `broken`: the connection broke; null: still open. */
  end: 'clean' | 'broken' | null;
  /** Message of the error that broke it. */
  error: string | null;
}

export interface Asked {
  readonly seen: SeenAnswer;
  /** Settles with the end of the answer, however it ends. */
  readonly over: Promise<SeenAnswer>;
  /** Settles with the first byte of a body, or with the end. */
  readonly begun: Promise<void>;
  leave(): void;
}

export interface AskOptions {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent?: Agent;
}

/** Sends one request to a server on this machine, on a connection of its own unless an agent is given. */
export function ask(port: number, options: AskOptions = {}): Asked {
  const seen: SeenAnswer = { status: null, headers: {}, text: '', reads: 0, port: null, end: null, error: null };
  const over = Promise.withResolvers<SeenAnswer>();
  const begun = Promise.withResolvers<void>();
  const end = (how: 'clean' | 'broken', error: string | null) => {
    if (seen.end === null) Object.assign(seen, { end: how, error });
    begun.resolve();
    over.resolve(seen);
  };
  const { path = '/v1/chat/completions', method = 'POST', headers = {}, body, agent = new Agent() } = options;
  const sent = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
    Object.assign(seen, { status: response.statusCode, headers: response.headers, port: response.socket.localPort });
    response.on('data', (bytes: Buffer) => {
      seen.text += bytes.toString();
      seen.reads += 1;
      begun.resolve();
    });
    response.on('end', () => end('clean', null));
    response.on('error', (error) => end('broken', error.message));
  });
  sent.on('error', (error) => end('broken', error.message));
  sent.end(body);
  return { seen, over: over.promise, begun: begun.promise, leave: () => void sent.destroy() };
}

/** The body of a chat request with a prompt of `inputWords` words. */
export function chatBody(inputWords: number, rest: Readonly<Record<string, unknown>> = {}): string {
  const content = Array.from({ length: inputWords }, (_, i) => `w${i}`).join(' ');
  return JSON.stringify({ model: 'any', messages: [{ role: 'user', content }], stream: true, ...rest });
}
