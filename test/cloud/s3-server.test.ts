import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { AccessControl } from './access-control.ts';
import { adminVariables, type CallerVariables, roleVariables } from './caller.ts';
import { type S3Server, startS3Server } from './s3-server.ts';

const Bucket = 'bucket';
const allow = (Action: string, Resource: string, Condition = {}) =>
  ({ Effect: 'Allow', Action, Resource, Condition }) as const;
const access = new AccessControl({
  roles: new Map([
    ['writer', [allow('s3:PutObject', 'arn:aws:s3:::bucket/claims/*'), allow('s3:Get*', 'arn:aws:s3:::bucket/*')]],
    [
      'lister',
      [
        allow('s3:GetObject', 'arn:aws:s3:::bucket/*'),
        allow('s3:ListBucket', 'arn:aws:s3:::bucket', { StringLike: { 's3:prefix': ['sweeps/*'] } }),
      ],
    ],
    [
      'folders',
      [
        allow('s3:ListBucket', 'arn:aws:s3:::bucket', {
          StringEquals: { 's3:prefix': 'sweeps/', 's3:delimiter': '/' },
        }),
      ],
    ],
  ]),
  buckets: new Map([
    [
      Bucket,
      [
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    ],
  ]),
});

let server: S3Server;
const clients: S3Client[] = [];

function clientOf(variables: CallerVariables, maxAttempts = 1): S3Client {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = variables;
  const credentials = { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) };
  const client = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts });
  clients.push(client);
  return client;
}

before(async () => {
  server = await startS3Server(access);
  await server.createBucket(Bucket);
  admin = clientOf(adminVariables);
});
after(async () => {
  for (const client of clients) client.destroy();
  await server.close();
});

let admin: S3Client;
const put = (Key: string, Body: string | Buffer | Readable, more: Partial<PutObjectCommandInput> = {}) =>
  admin.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Key: string, client = admin) =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
const named = (name: string, status: number) => (error: { name: string; $metadata: { httpStatusCode?: number } }) => {
  assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, status]);
  return true;
};

describe('conditional writes', () => {
  test('If-None-Match * stores once, and leaves the first body', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await assert.rejects(put('once', 'second', { IfNoneMatch: '*' }), named('PreconditionFailed', 412));
    assert.equal(await text('once'), 'first');
  });

  test('of twenty that race for a key, one wins and its body stays', async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => `body ${index}`);
    const outcomes = await Promise.allSettled(bodies.map((body) => put('race', body, { IfNoneMatch: '*' })));
    const winners = bodies.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    assert.equal(winners.length, 1);
    assert.equal(await text('race'), winners[0]);
  });

  test('If-Match stores over the version it names alone', async () => {
    const { ETag } = await put('versioned', 'one');
    await put('versioned', 'two', { IfMatch: ETag });
    await assert.rejects(put('versioned', 'three', { IfMatch: ETag }), named('PreconditionFailed', 412));
    await assert.rejects(put('absent', 'x', { IfMatch: ETag }), named('NoSuchKey', 404));
    assert.equal(await text('versioned'), 'two');
  });

  test('of ten that race to replace one version, one wins', async () => {
    const { ETag } = await put('swap', 'start');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => put('swap', `next ${index}`, { IfMatch: ETag })),
    );
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  test('a multipart upload is conditional when it is completed', async () => {
    const Key = 'parts';
    const body = randomBytes(5 * 2 ** 20);
    const { UploadId } = await admin.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = await admin.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: body }));
    await put(Key, 'came first');
    const done = { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: part.ETag }] } };
    await assert.rejects(
      admin.send(new CompleteMultipartUploadCommand({ ...done, IfNoneMatch: '*' })),
      named('PreconditionFailed', 412),
    );
    await admin.send(new CompleteMultipartUploadCommand(done));
    const head = await admin.send(new HeadObjectCommand({ Bucket, Key }));
    assert.equal(head.ContentLength, body.length);
  });
});

describe('bodies', () => {
  test('a wrong checksum is refused and nothing is stored', async () => {
    await assert.rejects(put('bad', 'abc', { ChecksumCRC32: 'AAAAAA==' }), named('BadDigest', 400));
    await assert.rejects(text('bad'), named('NoSuchKey', 404));
  });

  test('a stream of chunks arrives whole, its trailing checksum checked', async () => {
    const body = randomBytes(3_000_000);
    const stream = Readable.from([body.subarray(0, 1_000_000), body.subarray(1_000_000)]);
    await put('stream', stream, { ContentLength: body.length });
    const got = await admin.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
    assert.ok(body.equals((await got.Body?.transformToByteArray()) ?? new Uint8Array()));
  });

  test('one PUT takes 11 MiB and no more', async () => {
    await put('large', Buffer.alloc(11 * 2 ** 20));
    await assert.rejects(put('larger', Buffer.alloc(11 * 2 ** 20 + 1)), named('EntityTooLarge', 400));
  });

  test('keys keep their odd characters, and ranges answer their bytes', async () => {
    const Key = 'records/sweep=a b/stage=0001/w0000-0.parquet';
    await put(Key, '0123456789');
    const part = await admin.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=2-4' }));
    assert.equal(await part.Body?.transformToString(), '234');
    const { Contents } = await admin.send(new ListObjectsV2Command({ Bucket, Prefix: 'records/sweep=a b/' }));
    assert.deepEqual(
      Contents?.map((one) => one.Key),
      [Key],
    );
  });

  test('a listing comes in pages of 1,000 keys, sorted', async () => {
    const keys = Array.from({ length: 1005 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 50) await Promise.all(keys.slice(at, at + 50).map((key) => put(key, 'x')));
    const pages: number[] = [];
    const listed: (string | undefined)[] = [];
    for await (const page of paginateListObjectsV2({ client: admin }, { Bucket, Prefix: 'many/' })) {
      pages.push(page.KeyCount ?? 0);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    assert.deepEqual(pages, [1000, 5]);
    assert.deepEqual(listed, keys);
  });
});

describe('rights', () => {
  const writer = () => clientOf(roleVariables('writer', 'environment-1'));
  const lister = () => clientOf(roleVariables('lister', 'environment-2'));

  test('a role may do what its policies allow, and what it may not is answered 403 and noted', async () => {
    await writer().send(new PutObjectCommand({ Bucket, Key: 'claims/w1', Body: 'x' }));
    access.denied.length = 0;
    await assert.rejects(
      writer().send(new PutObjectCommand({ Bucket, Key: 'reports/r', Body: 'x' })),
      named('AccessDenied', 403),
    );
    await assert.rejects(
      writer().send(new DeleteObjectCommand({ Bucket, Key: 'claims/w1' })),
      named('AccessDenied', 403),
    );
    assert.deepEqual(access.denied, [
      'writer s3:PutObject arn:aws:s3:::bucket/reports/r',
      'writer s3:DeleteObject arn:aws:s3:::bucket/claims/w1',
    ]);
  });

  test('a missing key answers 403 without the right to list it, 404 with it', async () => {
    await assert.rejects(text('sweeps/absent', writer()), named('AccessDenied', 403));
    await assert.rejects(text('sweeps/absent', lister()), named('NoSuchKey', 404));
    await assert.rejects(text('reports/absent', lister()), named('AccessDenied', 403));
  });

  test('a listing is allowed for the prefixes of the policy', async () => {
    await lister().send(new ListObjectsV2Command({ Bucket, Prefix: 'sweeps/a/' }));
    await assert.rejects(lister().send(new ListObjectsV2Command({ Bucket })), named('AccessDenied', 403));
  });

  test('a policy may allow the list of folders alone, by the delimiter that is asked for', async () => {
    const folders = clientOf(roleVariables('folders', 'environment-4'));
    const Prefix = 'sweeps/';
    await folders.send(new ListObjectsV2Command({ Bucket, Prefix, Delimiter: '/' }));
    await assert.rejects(folders.send(new ListObjectsV2Command({ Bucket, Prefix })), named('AccessDenied', 403));
  });

  test('a role that does not exist is refused', async () => {
    const stranger = clientOf(roleVariables('nobody', 'environment-3'));
    await assert.rejects(stranger.send(new ListObjectsV2Command({ Bucket })), named('InvalidAccessKeyId', 403));
  });
});

describe('faults', () => {
  test('a put whose answer is lost is stored, and the client sees a broken connection', async () => {
    const fault = server.faults.answerLost(({ key }) => key === 'claims/lost');
    await assert.rejects(put('claims/lost', 'mine', { IfNoneMatch: '*' }), { code: 'ECONNRESET' });
    assert.equal(fault.hits, 1);
    assert.equal(await text('claims/lost'), 'mine');
  });

  test('a client that tries again after a lost answer finds its own claim', async () => {
    server.faults.answerLost(({ key }) => key === 'claims/again');
    const twice = clientOf(adminVariables, 2);
    const claim = new PutObjectCommand({ Bucket, Key: 'claims/again', Body: 'nonce', IfNoneMatch: '*' });
    await assert.rejects(twice.send(claim), named('PreconditionFailed', 412));
    assert.equal(await text('claims/again'), 'nonce');
  });

  test('a store that fails a while stores nothing and recovers', async () => {
    server.faults.failing(({ key }) => key === 'frail', 503, 2);
    await assert.rejects(put('frail', '1'), named('SlowDown', 503));
    await clientOf(adminVariables, 2).send(new PutObjectCommand({ Bucket, Key: 'frail', Body: '2' }));
    assert.equal(await text('frail'), '2');
  });

  const failures = [
    { status: 409, name: 'ConditionalRequestConflict', why: 'two conditional writes at once' },
    { status: 507, name: 'InsufficientStorage', why: 'a store that is full' },
  ];
  for (const { status, name, why } of failures)
    test(`${status}: ${why}`, async () => {
      const fault = server.faults.failing(({ operation }) => operation === 'PutObject', status);
      await assert.rejects(put('refused', 'x'), named(name, status));
      fault.end();
      await assert.rejects(text('refused'), named('NoSuchKey', 404));
    });

  test('a test can act before a request is carried out and after it is stored', async () => {
    const seen: string[] = [];
    server.faults.on(
      ({ key }) => key === 'watched',
      'before',
      ({ operation }) => seen.push(`before ${operation}`),
    );
    server.faults.on(
      ({ key }) => key === 'watched',
      'after',
      ({ operation }) => seen.push(`after ${operation}`),
    );
    await put('watched', 'x');
    assert.deepEqual(seen, ['before PutObject', 'after PutObject']);
  });
});
