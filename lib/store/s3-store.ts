import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { attempted } from '../timing/attempts.ts';
import type { Clock } from '../timing/clock.ts';
import { answerWithinMs as defaultAnswerMs, type S3ClientOptions, s3Client } from './s3-client.ts';
import { codeOf, isPassing, type S3Call, s3Error, statusOf } from './s3-error.ts';
import type { Versioned, VersionedStore } from './store.ts';

export interface S3StoreOptions extends S3ClientOptions {
  readonly bucket: string;
  readonly clock: Clock;
  /** @default one made by the other options */
  readonly client?: S3Client;
  /** Aborted when the store is let go of: calls under way are given up, and its own client's sockets are closed. */
  readonly leave?: AbortSignal;
  /** Of a try of a put, in milliseconds, beside the time that its bytes take on the slowest line. @default 10,000 */
  readonly answerWithinMs?: number;
  /** The slowest line that puts are to get over, in bytes a second. @default Infinity, as inside AWS */
  readonly slowestUpload?: number;
}

const mostAttempts = 8;
const mostMs = 30_000;

/**
 * A store in an S3 bucket, checksums both ways: at most 8 attempts and 30 s a call, and of a put what its bytes take
 * twice on the slowest line.
 */
export function s3Store(options: S3StoreOptions): VersionedStore {
  const { bucket, clock, leave, answerWithinMs = defaultAnswerMs, slowestUpload = Number.POSITIVE_INFINITY } = options;
  const client = options.client ?? s3Client(options);
  if (options.client === undefined) leave?.addEventListener('abort', () => client.destroy(), { once: true });
  const call = <T>(
    { verb, key, withinMs = mostMs }: Pick<S3Call, 'verb' | 'key'> & { readonly withinMs?: number },
    attempt: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> =>
    attempted({ clock, attempts: mostAttempts, withinMs, isPassing, ...(leave && { leave }) }, attempt).catch(
      (cause: unknown) => {
        throw s3Error({ verb, bucket, key }, cause);
      },
    );
  const putWhen = (key: string, bytes: Uint8Array | string, condition: Condition): Promise<boolean> => {
    const body = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    const onTheWayMs = Math.ceil((body.length / slowestUpload) * 1000);
    const requestTimeout = answerWithinMs + onTheWayMs;
    return call({ verb: 'write', key, withinMs: mostMs + 2 * onTheWayMs }, async (abortSignal) => {
      const input = { Bucket: bucket, Key: key, Body: body, ContentType: contentTypeOf(key), ...condition };
      const sent = client.send(new PutObjectCommand(input), { abortSignal, requestTimeout });
      return sent.then(() => true, falseWhenRefused(condition));
    });
  };
  const getVersion = (key: string) =>
    call({ verb: 'read', key }, (signal) => readObject(client, { bucket, key, signal }));
  return {
    async put(key, bytes, { ifAbsent = false } = {}) {
      return (await putWhen(key, bytes, ifAbsent ? { IfNoneMatch: '*' } : {})) ? 'stored' : 'exists';
    },
    async get(key) {
      return (await getVersion(key))?.bytes ?? null;
    },
    list: (prefix) => call({ verb: 'list', key: prefix }, (signal) => listKeys(client, { bucket, prefix, signal })),
    listFolders: (prefix) =>
      call({ verb: 'list', key: prefix }, (signal) => listFolders(client, { bucket, prefix, signal })),
    getVersion,
    async putIf(key, bytes, version) {
      const condition = version === null ? { IfNoneMatch: '*' } : { IfMatch: version };
      return (await putWhen(key, bytes, condition)) ? 'stored' : 'changed';
    },
  };
}

interface Condition {
  readonly IfNoneMatch?: string;
  readonly IfMatch?: string;
}

/** The answers that mean that a condition does not hold: 412, and 404 for a version of a key that is gone. */
function falseWhenRefused({ IfNoneMatch, IfMatch }: Condition): (error: unknown) => false {
  return (error) => {
    const refused = statusOf(error) === 412 && (IfNoneMatch !== undefined || IfMatch !== undefined);
    const gone = codeOf(error) === 'NoSuchKey' && IfMatch !== undefined;
    if (!refused && !gone) throw error;
    return false;
  };
}

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

async function readObject(client: S3Client, { bucket, key, signal }: ObjectPlace): Promise<Versioned | null> {
  try {
    const input = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body, ETag = '' } = await client.send(input, { abortSignal: signal });
    if (Body === undefined) throw new Error('the answer has no body');
    // A body that stops coming holds a socket until somebody lets go of it.
    signal.addEventListener('abort', () => 'destroy' in Body && Body.destroy(), { once: true });
    return { bytes: await Body.transformToByteArray(), version: ETag };
  } catch (error) {
    if (codeOf(error) === 'NoSuchKey') return null;
    throw error;
  }
}

interface Listing {
  readonly bucket: string;
  readonly prefix: string;
  readonly signal: AbortSignal;
}

/** All keys, in the order of their UTF-16 units as other stores list them. */
async function listKeys(client: S3Client, listing: Listing): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of pagesOf(client, listing))
    for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
  return keys.sort();
}

/** Keys that go on behind a slash after the prefix are told as one, up to the slash. */
async function listFolders(client: S3Client, listing: Listing): Promise<string[]> {
  const names: string[] = [];
  for await (const { CommonPrefixes = [] } of pagesOf(client, listing, { Delimiter: '/' }))
    for (const { Prefix } of CommonPrefixes)
      if (Prefix !== undefined) names.push(Prefix.slice(listing.prefix.length, -1));
  return names.sort();
}

/** The pages of a listing, a thousand keys or common prefixes each. */
async function* pagesOf(
  client: S3Client,
  { bucket, prefix, signal }: Listing,
  more: { readonly Delimiter?: string } = {},
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let next: string | undefined;
  do {
    const token = next === undefined ? {} : { ContinuationToken: next };
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...more, ...token });
    const page = await client.send(command, { abortSignal: signal });
    yield page;
    next = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (next !== undefined);
}

const contentTypes: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  jsonl: 'application/jsonl',
  md: 'text/markdown; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml',
  parquet: 'application/vnd.apache.parquet',
};

/** What a browser takes a file for; a report opened from the console is shown. */
function contentTypeOf(key: string): string {
  return contentTypes[key.slice(key.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
}
