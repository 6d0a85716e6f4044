import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Only so many bytes of the body come; then the socket is cut. */
  readonly cutAfter?: number;
}

/** What the server does with a request, by its ordinal; null: it never answers. */
export type S3Script = (ordinal: number, request: IncomingMessage) => ScriptedAnswer | null;

export interface ScriptedS3 {
  readonly url: string;
  requests(): number;
  close(): Promise<void>;
}

/** A server that answers S3's client with what a test wrote down. */
export async function scriptedS3(
  script: S3Script,
  { takesBytesPerSecond = Number.POSITIVE_INFINITY }: { readonly takesBytesPerSecond?: number } = {},
): Promise<ScriptedS3> {
  let requests = 0;
  const server = createServer((request, response) => {
    const ordinal = requests++;
    request.on('data', (bytes: Buffer) => {
      if (!Number.isFinite(takesBytesPerSecond)) return;
      request.pause();
      setTimeout(() => request.resume(), (bytes.length / takesBytesPerSecond) * 1000);
    });
    request.resume().on('end', () => {
      const answer = script(ordinal, request);
      if (answer !== null) send(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, headers = {}, body = '', cutAfter }: ScriptedAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-length': bytes.length, ...headers });
  if (cutAfter === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfter), () => setImmediate(() => response.destroy()));
}

/** An error as S3 words it. */
export function s3Refusal(status: number, code: string, message: string, more = ''): ScriptedAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}<RequestId>1</RequestId></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
