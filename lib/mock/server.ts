import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MockEndpoint, type MockEndpointOptions, mockEndpoint } from './endpoint.ts';
import { type Journal, type JournalOptions, memoryJournal } from './journal.ts';
import { journalFile } from './journal-file.ts';
import { requestHandler } from './routes.ts';

export interface MockServerOptions extends Omit<MockEndpointOptions, 'journal'> {
  /** 0, the default: any that is free. */
  readonly port?: number;
  readonly host?: string;
  /** Journal entries are also appended to this file, one JSON line per answer, as answers end. */
  readonly journalFile?: string;
  readonly journalBounds?: Omit<JournalOptions, 'onClosed'>;
}

export interface MockServer {
  /** The base of its API, such as `http://127.0.0.1:8000/v1`. */
  readonly url: string;
  readonly port: number;
  readonly endpoint: MockEndpoint;
  readonly journal: Journal;
  /** Breaks every connection, then settles at once. */
  close(): Promise<void>;
}

/** Longer than any client keeps an idle connection, so that the mock is never the one that closes it. */
const keepAliveMs = 600_000;

/** Serves the mocked endpoint: chat completions, models, /health and /journal. Rejects if the port is taken. */
export async function startMockServer(options: MockServerOptions): Promise<MockServer> {
  const { port = 0, host = '127.0.0.1' } = options;
  const file = options.journalFile === undefined ? null : await journalFile(options.journalFile);
  const journal = memoryJournal({ ...options.journalBounds, ...(file && { onClosed: file.append }) });
  const endpoint = mockEndpoint({ ...options, journal });
  const { handle, leaveAll } = requestHandler(endpoint);
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveTimeout: keepAliveMs }, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}/v1`,
    port: bound.port,
    endpoint,
    journal,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      leaveAll();
      server.closeAllConnections();
      await closed;
      await file?.close();
    },
  };
}
