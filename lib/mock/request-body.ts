import type { IncomingMessage } from 'node:http';

/** The body of a request as text; `too_long`: beyond the limit, the rest was thrown away; `aborted`: it never ended. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<string | 'too_long' | 'aborted'> {
  const { promise, resolve } = Promise.withResolvers<string | 'too_long' | 'aborted'>();
  const parts: Buffer[] = [];
  let bytes = 0;
  request.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= mostBytes) parts.push(part);
    else parts.length = 0;
  });
  // Told only now: a client that still sends would lose the answer if its connection were closed under it.
  request.on('end', () => resolve(bytes > mostBytes ? 'too_long' : Buffer.concat(parts).toString()));
  request.on('error', () => resolve('aborted'));
  request.on('close', () => resolve('aborted'));
  return promise;
}
