import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { s3Client } from '../../lib/store/s3-client.ts';
import { type S3StoreOptions, s3Store } from '../../lib/store/s3-store.ts';
import type { VersionedStore } from '../../lib/store/store.ts';
import { type Clock, systemClock } from '../../lib/timing/clock.ts';
import { type S3Script, type ScriptedS3, s3Refusal, scriptedS3 } from './scripted-s3.ts';

const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'the secret access key' };

/** Real time but for the pauses between attempts, and for the end of all of them, which a test brings about. */
function hastyClock(): Clock & { endAll(): void; readonly pausesMs: readonly number[] } {
  const real = systemClock();
  const ends: (() => void)[] = [];
  const pausesMs: number[] = [];
  return {
    ...real,
    callAt(_, fire) {
      ends.push(fire);
      return () => undefined;
    },
    async sleepUntil(atUs) {
      pausesMs.push((atUs - real.nowUs()) / 1000);
    },
    endAll: () => ends.forEach((end) => void end()),
    pausesMs,
  };
}

async function scripted(context: TestContext, script: S3Script) {
  const server: ScriptedS3 = await scriptedS3(script);
  context.after(() => server.close());
  const clock = hastyClock();
  const store: VersionedStore = s3Store({ bucket: 'b', clock, endpoint: server.url, region: 'eu-west-1', credentials });
  return { server, clock, store };
}

const crc32Of = (text: string) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString('base64');
};

const remedies: readonly { why: string; answer: ReturnType<typeof s3Refusal>; code: string; says: RegExp }[] = [
  {
    why: 'the wrong region, by S3’s redirect',
    answer: {
      ...s3Refusal(301, 'PermanentRedirect', 'must be addressed using the specified endpoint'),
      headers: { 'x-amz-bucket-region': 'us-west-2' },
    },
    code: 'PermanentRedirect',
    says: /The bucket is in the region us-west-2: name that one/,
  },
  {
    why: 'the wrong region, by the signature',
    answer: s3Refusal(
      400,
      'AuthorizationHeaderMalformed',
      "the region 'eu-west-1' is wrong; expecting 'us-west-2'",
      '<Region>us-west-2</Region>',
    ),
    code: 'AuthorizationHeaderMalformed',
    says: /in the region us-west-2/,
  },
  {
    why: 'credentials that expired',
    answer: s3Refusal(400, 'ExpiredToken', 'The provided token has expired.'),
    code: 'ExpiredToken',
    says: /Sign in again \(such as aws sso login\)/,
  },
  {
    why: 'keys that nobody knows',
    answer: s3Refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'),
    code: 'InvalidAccessKeyId',
    says: /which credentials are used \(aws sts get-caller-identity\)/,
  },
  {
    why: 'no right, in the words of AWS',
    answer: s3Refusal(403, 'AccessDenied', 'User: arn:aws:sts::1:x is not authorized to perform: kms:Decrypt'),
    code: 'AccessDenied',
    says: /not authorized to perform: kms:Decrypt\. These credentials need s3:GetObject on arn:aws:s3:::b\/k.*KMS/,
  },
  {
    why: 'an answer without a body',
    answer: { status: 403 },
    code: 'AccessDenied',
    says: /need s3:GetObject/,
  },
  {
    why: 'something that nobody thought of',
    answer: s3Refusal(400, 'OddRequest', `odd ${'x'.repeat(5000)}`),
    code: 'OddRequest',
    says: /^.{0,700}$/,
  },
];

describe('a refusal of S3 is a StoreError with its code and what to do', () => {
  for (const { why, answer, code, says } of remedies) {
    test(why, async (context) => {
      const { server, store } = await scripted(context, () => answer);
      await assert.rejects(store.get('k'), (error: Error & { code?: string }) => {
        assert.equal(error.name, 'StoreError');
        assert.equal(error.code, code);
        assert.match(error.message, /^can't read s3:\/\/b\/k: /);
        assert.match(error.message, says);
        assert.ok(!error.message.includes(credentials.secretAccessKey));
        return true;
      });
      assert.equal(server.requests(), 1, 'what does not pass is asked once');
    });
  }

  test('no credentials at all', async () => {
    const store = s3Store({
      bucket: 'b',
      clock: hastyClock(),
      region: 'eu-west-1',
      credentials: async () => {
        throw Object.assign(new Error('Could not load credentials from any providers'), {
          name: 'CredentialsProviderError',
        });
      },
    });
    await assert.rejects(store.get('k'), { code: 'CredentialsProviderError', message: /Sign in .*or name a profile/ });
  });
});

describe('at most 8 attempts, 30 s in all', () => {
  test('what may pass is asked eight times, with pauses that double', async (context) => {
    const { server, clock, store } = await scripted(context, () => s3Refusal(503, 'SlowDown', 'Reduce your rate.'));
    await assert.rejects(store.put('k', 'x'), { code: 'SlowDown', message: /try again in a few minutes/ });
    assert.equal(server.requests(), 8);
    assert.equal(clock.pausesMs.length, 7);
    clock.pausesMs.forEach((pause, index) => {
      const longest = Math.min(5000, 100 * 2 ** index);
      assert.ok(pause > longest / 2 - 5 && pause <= longest, `pause ${index} of ${pause} ms`);
    });
  });
  test('a server that is not there is asked eight times, and the network is named', async () => {
    const store = s3Store({
      bucket: 'b',
      clock: hastyClock(),
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-west-1',
      credentials,
    });
    await assert.rejects(store.get('k'), { code: 'ECONNREFUSED', message: /gateway endpoint/ });
  });
  test('a server that never answers is left when the time is over, and the last failure is told', async (context) => {
    const asked = Promise.withResolvers<void>();
    const { clock, store } = await scripted(context, (ordinal) => {
      if (ordinal === 0) return s3Refusal(500, 'InternalError', 'We encountered an internal error.');
      asked.resolve();
      return null;
    });
    const reading = store.get('k');
    void asked.promise.then(() => clock.endAll());
    await assert.rejects(reading, { code: 'Timeout', message: /no answer within 30 s; before that: InternalError/ });
  });
  test('a body that stops coming is left when the time is over', async (context) => {
    const { clock, store } = await scripted(context, () => {
      setImmediate(() => clock.endAll());
      return { status: 200, headers: { 'content-length': '100', etag: '"1"' }, body: 'only this' };
    });
    await assert.rejects(store.get('k'), { code: 'Timeout' });
  });
});

describe('a large body over a slow line', () => {
  const body = new Uint8Array(256 * 1024);

  async function putOver(context: TestContext, options: Pick<S3StoreOptions, 'slowestUpload'>) {
    const server = await scriptedS3(() => ({ status: 200 }), { takesBytesPerSecond: 512 * 1024 });
    context.after(() => server.close());
    const withinMs: number[] = [];
    const hasty = hastyClock();
    const clock: Clock = {
      ...hasty,
      callAt(atUs, fire) {
        withinMs.push(Math.round((atUs - hasty.nowUs()) / 1000));
        return hasty.callAt(atUs, fire);
      },
    };
    const client = { endpoint: server.url, region: 'eu-west-1', credentials };
    const store = s3Store({ bucket: 'b', clock, ...client, answerWithinMs: 200, ...options });
    const outcome = await store.put('sweeps/s/inputs/0', body).catch((error: Error) => error);
    return { outcome, withinMs, requests: server.requests() };
  }

  test('a try is given the time that its bytes take on the slowest line, and all tries twice as much more', async (context) => {
    const put = await putOver(context, { slowestUpload: 128 * 1024 });
    assert.deepEqual(put, { outcome: 'stored', withinMs: [34_000], requests: 1 });
  });
  test('where no such line is to be expected, as in a worker, each try is cut and all are over after 30 s', async (context) => {
    const { outcome, withinMs, requests } = await putOver(context, {});
    assert.ok(outcome instanceof Error && /TimeoutError/.test(outcome.message), String(outcome));
    assert.deepEqual([withinMs, requests], [[30_000], 8]);
  });
});

describe('every byte is checked', () => {
  const good = {
    status: 200,
    body: 'as it was',
    headers: { etag: '"1"', 'x-amz-checksum-crc32': crc32Of('as it was') },
  };

  test('bytes that changed on the way here are asked for again', async (context) => {
    const { server, store } = await scripted(context, (ordinal) =>
      ordinal === 0 ? { ...good, body: 'as it WAS' } : good,
    );
    assert.equal(new TextDecoder().decode((await store.get('k')) ?? undefined), 'as it was');
    assert.equal(server.requests(), 2);
  });
  test('bytes that stay wrong are an error, not an answer', async (context) => {
    const { store } = await scripted(context, () => ({ ...good, body: 'as it WAS' }));
    await assert.rejects(store.get('k'), { name: 'StoreError', message: /Checksum mismatch/ });
  });
  test('an answer that breaks off is asked for again', async (context) => {
    const { server, store } = await scripted(context, (ordinal) => (ordinal === 0 ? { ...good, cutAfter: 4 } : good));
    assert.equal(new TextDecoder().decode((await store.get('k')) ?? undefined), 'as it was');
    assert.equal(server.requests(), 2);
  });
  test('bytes that changed on the way there (BadDigest) are sent again', async (context) => {
    const checksums: unknown[] = [];
    const { store } = await scripted(context, (ordinal, { headers }) => {
      checksums.push(headers['x-amz-checksum-crc32']);
      return ordinal === 0 ? s3Refusal(400, 'BadDigest', 'did not match') : { status: 200 };
    });
    assert.equal(await store.put('k', 'sent'), 'stored');
    assert.deepEqual(checksums, [crc32Of('sent'), crc32Of('sent')]);
  });
});

test('folders are asked for by the delimiter, page after page, and keys beside them are left out', async (context) => {
  const asked: string[] = [];
  const pageOf = (prefix: string, more: string) =>
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Contents><Key>sweeps/file</Key></Contents><CommonPrefixes><Prefix>sweeps/${prefix}/</Prefix></CommonPrefixes>${more}</ListBucketResult>`;
  const { store } = await scripted(context, (ordinal, { url = '' }) => {
    const { searchParams: query } = new URL(url, 'http://s3');
    asked.push([query.get('prefix'), query.get('delimiter'), query.get('continuation-token')].join(' '));
    const more = '<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>';
    const body = ordinal === 0 ? pageOf('b', more) : pageOf('a', '<IsTruncated>false</IsTruncated>');
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  });
  assert.deepEqual(await store.listFolders('sweeps/'), ['a', 'b']);
  assert.deepEqual(asked, ['sweeps/ / ', 'sweeps/ / more']);
});

test('a put says what a browser should take it for', async (context) => {
  const types: unknown[] = [];
  const { store } = await scripted(context, (_, { headers }) => {
    types.push(headers['content-type']);
    return { status: 200 };
  });
  for (const key of ['reports/a/report.html', 'reports/a/report.json', 'sweeps/a/claims/w0000'])
    await store.put(key, '');
  assert.deepEqual(types, ['text/html; charset=utf-8', 'application/json', 'application/octet-stream']);
});

const pathStyles = [
  { endpoint: 'http://127.0.0.1:9000', inPath: true, why: 'an address has no names under it' },
  { endpoint: 'http://[::1]:9000', inPath: true, why: 'nor has one of IPv6' },
  { endpoint: 'http://localhost:9000', inPath: true, why: 'nor localhost, in most systems' },
  { endpoint: 'https://s3.example.com', inPath: false, why: 'a name may have' },
  { endpoint: undefined, inPath: false, why: 'S3 itself has' },
] as const;

describe('a bucket stands in the path where its name can not stand before the host', () => {
  for (const { endpoint, inPath, why } of pathStyles) {
    test(`${endpoint}: ${inPath}, ${why}`, () => {
      const client = s3Client({ region: 'eu-west-1', ...(endpoint === undefined ? {} : { endpoint }) });
      assert.equal(client.config.forcePathStyle, inPath);
    });
  }
  test('unless told otherwise', () => {
    const client = s3Client({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:9000', forcePathStyle: false });
    assert.equal(client.config.forcePathStyle, false);
  });
});
