import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from './aws-error.ts';

export interface HttpEndpoint {
  /** `http://127.0.0.1:PORT`; an address, not a name, so that the S3 client asks by path without being told. */
  readonly url: string;
  close(): Promise<void>;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Opens a server on a free port of this machine; what `answer` throws goes to `refuse`, in the protocol's own words. */
export async function openHttpEndpoint(
  answer: Answer,
  refuse: (response: ServerResponse, error: AwsError) => void,
): Promise<HttpEndpoint> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, asAwsError(error));
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closed(server),
  };
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  return promise;
}

const asAwsError = (error: unknown) =>
  error instanceof AwsError ? error : new AwsError(500, 'ServiceException', String(error), { cause: error });

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** An error in the words of Lambda's REST protocol, which names the error in a header. */
export function refuseByRestJson(response: ServerResponse, { status, code, message, details }: AwsError): void {
  const body = { Type: status < 500 ? 'User' : 'Service', Message: message, message, ...details };
  sendJson(response, status, body, { 'x-amzn-errortype': code });
}
