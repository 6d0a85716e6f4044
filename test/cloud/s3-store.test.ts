import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DeleteObjectsCommand, S3Client } from '@aws-sdk/client-s3';
import { s3Store } from '../../lib/store/s3-store.ts';
import type { VersionedStore } from '../../lib/store/store.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { claim } from '../../lib/worker/claim.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';
import { storeContract, versionedStoreContract } from '../store/contract.ts';
import { AccessControl } from './access-control.ts';
import { adminVariables, roleVariables } from './caller.ts';
import { type S3Server, startS3Server } from './s3-server.ts';

const clock = systemClock();
const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource, Condition: {} }) as const;
const access = new AccessControl({
  roles: new Map([['reader', [allow('s3:GetObject', 'arn:aws:s3:::bucket/*')]]]),
  buckets: new Map(),
});
let server: S3Server;

function storeOf(
  options: { readonly bucket?: string; readonly variables?: typeof adminVariables } = {},
): VersionedStore {
  const { bucket = 'bucket', variables = adminVariables } = options;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = variables;
  const credentials = { accessKeyId, secretAccessKey, ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }) };
  return s3Store({ bucket, clock, endpoint: server.url, region: 'us-east-1', credentials });
}

before(async () => {
  server = await startS3Server(access);
  await server.createBucket('bucket');
});
after(() => server.close());

let prefixes = 0;
storeContract('s3', () => storeOf(), `contract-${prefixes++}/`);
versionedStoreContract('s3', () => storeOf(), `contract-${prefixes++}/`);

describe('answers that are lost', () => {
  test('of a put: it is sent again and stored', async () => {
    const fault = server.faults.answerLost(({ key }) => key === 'lost/plain', 2);
    assert.equal(await storeOf().put('lost/plain', 'x'), 'stored');
    assert.equal(fault.hits, 2);
  });
  test('of a put that wants to be first: it finds itself, and its bytes are there', async () => {
    server.faults.answerLost(({ key }) => key === 'lost/first');
    assert.equal(await storeOf().put('lost/first', 'mine', { ifAbsent: true }), 'exists');
    assert.equal(new TextDecoder().decode((await storeOf().get('lost/first')) ?? undefined), 'mine');
  });
  test("of a claim: the worker knows its nonce and goes on; a second delivery's does not", async () => {
    const assignment = sampleAssignment({ startsAtEpochMs: 0 });
    const fault = server.faults.answerLost(({ operation }) => operation === 'PutObject');
    assert.equal(await claim(storeOf(), assignment, 'nonce of the first'), true);
    assert.equal(fault.hits, 1);
    assert.equal(await claim(storeOf(), assignment, 'nonce of the second'), false);
  });
  test('of a swap: it finds itself changed, and its bytes are there', async () => {
    await storeOf().put('lost/swap', 'old');
    const { version = '' } = (await storeOf().getVersion('lost/swap')) ?? {};
    server.faults.answerLost(({ key, operation }) => key === 'lost/swap' && operation === 'PutObject');
    assert.equal(await storeOf().putIf('lost/swap', 'new', version), 'changed');
    assert.equal(new TextDecoder().decode((await storeOf().get('lost/swap')) ?? undefined), 'new');
  });
});

describe('failures that pass', () => {
  test('two conditional writes met (409): the put comes again and is judged anew', async () => {
    server.faults.failing(({ key }) => key === 'met', 409, 2);
    assert.equal(await storeOf().put('met', 'x', { ifAbsent: true }), 'stored');
  });
  test('S3 asks to slow down while a key is written and while it is read', async () => {
    const fault = server.faults.failing(({ key }) => key === 'slow', 503, 2);
    assert.equal(await storeOf().put('slow', 'x'), 'stored');
    server.faults.failing(({ key }) => key === 'slow', 503, 2);
    assert.equal((await storeOf().get('slow'))?.length, 1);
    assert.equal(fault.hits, 2);
  });
});

describe('failures that stay are told with what to do', () => {
  test('no such bucket', async () => {
    const store = storeOf({ bucket: 'none' });
    for (const work of [() => store.get('k'), () => store.list('k/'), () => store.put('k', '')])
      await assert.rejects(work, { name: 'StoreError', code: 'NoSuchBucket', message: /none.*npx cdk deploy/ });
  });
  test('no right to write: the error names the right and the key', async () => {
    const reader = storeOf({ variables: roleVariables('reader', 'environment') });
    await assert.rejects(reader.put('reports/r', ''), {
      code: 'AccessDenied',
      message:
        /^can't write s3:\/\/bucket\/reports\/r: AccessDenied.*need s3:PutObject on arn:aws:s3:::bucket\/reports\/r/,
    });
    await assert.rejects(reader.list('reports/'), {
      code: 'AccessDenied',
      message: /s3:ListBucket .*prefix reports\//,
    });
  });
  test('a key that is not there, without the right to list: denied, and the error says that it may be so', async () => {
    const reader = storeOf({ variables: roleVariables('reader', 'environment') });
    await assert.rejects(reader.get('absent'), { code: 'AccessDenied', message: /not there is answered so, too/ });
  });
});

const realBucket = process.env['PARETOKEN_TEST_S3_BUCKET'];

if (realBucket !== undefined) {
  const prefix = `paretoken-contract-${Date.now()}/`;
  const newStore = () => s3Store({ bucket: realBucket, clock });
  storeContract(`S3 itself (${realBucket})`, newStore, `${prefix}store/`);
  versionedStoreContract(`S3 itself (${realBucket})`, newStore, `${prefix}versioned/`);
  after(async () => {
    const client = new S3Client();
    const keys = await newStore().list(prefix);
    for (let first = 0; first < keys.length; first += 1000) {
      const Objects = keys.slice(first, first + 1000).map((Key) => ({ Key }));
      await client.send(new DeleteObjectsCommand({ Bucket: realBucket, Delete: { Objects } }));
    }
  });
}
