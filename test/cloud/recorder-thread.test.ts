import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { recorderThread } from '../../lib/fleet/recorder-thread.ts';
import { readRecords } from '../../lib/record/read-records.ts';
import { recordsPrefix } from '../../lib/store/key-layout.ts';
import { s3Store } from '../../lib/store/s3-store.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { request } from '../record/request.ts';
import { adminVariables } from './caller.ts';
import { type S3Server, startS3Server } from './s3-server.ts';

let server: S3Server;

before(async () => {
  server = await startS3Server();
  await server.createBucket('bucket');
  // As in a function: threads find region and credentials in the environment.
  Object.assign(process.env, adminVariables, { AWS_REGION: 'us-east-1' });
});
after(() => server.close());

const place = { sweepId: 'test', stage: 1, worker: 0 };

describe("a recorder's thread stores in a bucket", () => {
  test('what it was given, in parts', async () => {
    const recorder = recorderThread({ place, store: { bucket: 'bucket', endpoint: server.url } });
    for (let i = 0; i < 3; i++) recorder.add(request({}));
    await recorder.flush();
    recorder.add(request({}));
    assert.deepEqual(await recorder.close(), { parts: 2, rows: 4, lost: 0, failure: null });
    const store = s3Store({ bucket: 'bucket', clock: systemClock(), endpoint: server.url });
    const parts = await store.list(recordsPrefix('test', 1));
    const rows = await Promise.all(
      parts.map(async (key) => (await readRecords((await store.get(key)) ?? new Uint8Array())).records.length),
    );
    assert.deepEqual(rows, [3, 1]);
  });
  test('or says why it could not', async () => {
    const recorder = recorderThread({ place, store: { bucket: 'none', endpoint: server.url } });
    recorder.add(request({}));
    const { lost, failure } = await recorder.close();
    assert.equal(lost, 1);
    assert.match(failure ?? '', /NoSuchBucket/);
  });
});
