import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildApp } from 'fauxqs';
import type { AccessControl } from './access-control.ts';
import { AwsError } from './aws-error.ts';
import { KeyLocks } from './key-locks.ts';
import { checksumHolds } from './s3-checksum.ts';
import { S3Faults, type S3Strike } from './s3-faults.ts';
import { accessOf, isConditional, isRead, listAccessOf, readS3Request, type S3Request } from './s3-request.ts';
import { escapeXml } from './xml.ts';

type App = ReturnType<typeof buildApp>;

export interface S3Server {
  readonly url: string;
  readonly faults: S3Faults;
  createBucket(name: string): Promise<void>;
  close(): Promise<void>;
}

/** The marker of a request that the server asks of itself, which rights and faults don't concern. */
const innerHeader = 'x-local-inner';
const innerToken = randomUUID();

interface Passage {
  readonly request: S3Request;
  readonly strike: S3Strike;
}

/**
 * An S3 server in this process: fauxqs with what it lacks, conditional writes that hold in races, CRC32 checks, the
 * callers' rights, and faults on demand. One PUT carries at most 11 MiB; larger objects go up in parts.
 */
export async function startS3Server(access: AccessControl | null = null): Promise<S3Server> {
  const app = buildApp({ logger: false, host: '127.0.0.1' });
  const faults = new S3Faults();
  const locks = new KeyLocks();
  const passages = new WeakMap<object, Passage>();

  app.addHook('preHandler', async (ask, reply) => {
    if (ask.headers[innerHeader] === innerToken) return;
    const request = readS3Request(ask.method, ask.url, ask.headers);
    const strike = faults.strike(request);
    for (const act of strike.acts('before')) act(request);
    if (strike.cutAt === 'before') {
      ask.raw.socket.destroy();
      return reply.hijack();
    }
    await sleep(strike.holdMs);
    passages.set(ask.raw, { request, strike });
    // Freed by `close`, which comes after an answer that is lost, too.
    if (isConditional(request)) reply.raw.once('close', await locks.acquire(`${request.bucket}/${request.key}`));
    try {
      await permit(app, access, request, ask.body, strike);
    } catch (error) {
      const refusal = error instanceof AwsError ? error : new AwsError(500, 'InternalError', String(error));
      return reply.code(refusal.status).type('application/xml').send(errorBody(refusal));
    }
  });
  app.addHook('onSend', async (ask, reply, payload) => {
    if (reply.statusCode === 413) {
      reply.code(400).type('application/xml');
      return errorBody(new AwsError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size'));
    }
    const passage = passages.get(ask.raw);
    for (const act of passage?.strike.acts('after') ?? []) act(passage?.request as S3Request);
    if (passage?.strike.cutAt === 'after') ask.raw.socket.destroy();
    return payload;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const createBucket = async (name: string) => {
    await app.inject({ method: 'PUT', url: `/${name}`, headers: { [innerHeader]: innerToken } });
  };
  return { url, faults, createBucket, close: async () => void (await app.close()) };
}

const errorBody = ({ code, message }: AwsError) =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>` +
  `<RequestId>${randomUUID()}</RequestId></Error>`;

/** Lets a request through or throws the error that S3 answers. */
async function permit(app: App, access: AccessControl | null, request: S3Request, body: unknown, strike: S3Strike) {
  if (strike.failure) throw new AwsError(strike.failure.status, strike.failure.code, 'A fault set by the test.');
  if (request.operation === 'Unknown')
    throw new AwsError(
      501,
      'NotImplemented',
      'A header or query you provided implies functionality that is not implemented',
    );
  if (access) await authorize(app, access, request);
  if (Buffer.isBuffer(body) && !checksumHolds(body, request.headers))
    throw new AwsError(400, 'BadDigest', 'The CRC32 you specified did not match the calculated checksum.');
  if (isConditional(request)) await checkPreconditions(app, request);
}

const codes = { denied: 'AccessDenied', unknown: 'InvalidAccessKeyId' };

async function authorize(app: App, access: AccessControl, request: S3Request): Promise<void> {
  access.check(request.caller, accessOf(request), codes);
  if (request.operation === 'CopyObject') {
    const source = decodeURIComponent(String(request.headers['x-amz-copy-source'])).replace(/^\//, '');
    access.check(request.caller, { action: 's3:GetObject', resource: `arn:aws:s3:::${source}` }, codes);
  }
  // Whoever may not list may not learn that a key is missing: S3 answers as if it were there and forbidden.
  if (!isRead(request) || request.caller === null || access.allows(request.caller, listAccessOf(request))) return;
  if ((await etagOf(app, request)) === null) throw new AwsError(403, 'AccessDenied', 'Access Denied');
}

async function checkPreconditions(app: App, request: S3Request): Promise<void> {
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = request.headers;
  if (ifNoneMatch === undefined && ifMatch === undefined) return;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new AwsError(501, 'NotImplemented', 'If-None-Match on a write takes * alone');
  const etag = await etagOf(app, request);
  if (ifMatch !== undefined && etag === null) throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
  const holds = ifMatch === undefined ? etag === null : bare(ifMatch) === bare(etag ?? '');
  if (!holds)
    throw new AwsError(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
}

const bare = (etag: string) => etag.replaceAll('"', '');

/** The ETag of the object at a request's key; null when there is none. */
async function etagOf(app: App, { bucket, key }: S3Request): Promise<string | null> {
  const url = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const head = await app.inject({ method: 'HEAD', url, headers: { [innerHeader]: innerToken } });
  return head.statusCode === 200 ? String(head.headers['etag']) : null;
}
