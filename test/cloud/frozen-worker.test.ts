import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { environmentNames } from '../../functions/environment.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../lib/mock/server.ts';
import type { Assignment } from '../../lib/plan/assignment.ts';
import { jsonText } from '../../lib/store/json.ts';
import { controlKey, receiptKey } from '../../lib/store/key-layout.ts';
import { s3Store } from '../../lib/store/s3-store.ts';
import type { Store } from '../../lib/store/store.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { type SampleOptions, sampleAssignment } from '../plan/sample-assignment.ts';
import { adminVariables } from './caller.ts';
import { type S3Server, startS3Server } from './s3-server.ts';

const clock = systemClock();
const entry = join(import.meta.dirname, 'fixtures', 'worker-environment.ts');
const quick = { warmUpMs: 500, windowMs: 500, drainMs: 500, rampMs: 10 };

let s3: S3Server;
let mock: MockServer;
let store: Store;

before(async () => {
  s3 = await startS3Server();
  await s3.createBucket('bucket');
  mock = await startMockServer({ port: 0, clock, model: smallServer, seed: 1 });
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = adminVariables;
  const credentials = { accessKeyId, secretAccessKey };
  store = s3Store({ bucket: 'bucket', clock, endpoint: s3.url, region: 'us-east-1', credentials });
});
after(async () => {
  await mock.close();
  await s3.close();
});

function assignmentOf(sweepId: string, { design = {}, ...rest }: Partial<SampleOptions> = {}): Assignment {
  const sample = sampleAssignment({
    startsAtEpochMs: 0,
    design: { ...quick, ...design },
    ...rest,
  });
  return {
    ...sample,
    sweepId,
    stage: { ...sample.stage, sweepId },
    target: { ...sample.target, url: mock.url },
    tempo: { ...sample.tempo, controlPollMs: 200, progressMs: 200 },
  };
}

/** Timers, sockets and threads that an environment holds after each of its assignments. */
async function leftAfter(assignments: readonly Assignment[]): Promise<readonly (readonly string[])[]> {
  const env = {
    ...process.env,
    ...adminVariables,
    AWS_REGION: 'us-east-1',
    [environmentNames.s3Endpoint]: s3.url,
    [environmentNames.bucket]: 'bucket',
    [environmentNames.allowedTargets]: JSON.stringify([{ host: new URL(mock.url).host, privateAddresses: true }]),
  };
  const { stdout } = await promisify(execFile)(process.execPath, [entry, JSON.stringify(assignments)], { env });
  const left = JSON.parse(/^left (.*)$/m.exec(stdout)?.[1] ?? '[]') as string[][];
  // The pipes to this process are the test's own.
  return left.map((resources) => resources.filter((resource) => resource !== 'PipeWrap'));
}

const stateOf = async (sweepId: string) =>
  JSON.parse(new TextDecoder().decode((await store.get(receiptKey(sweepId, 1, 0))) ?? undefined)).state;
const run = (sweepId: string) => store.put(controlKey(sweepId), jsonText({ state: 'run' }));

describe('a frozen environment of the worker holds nothing that would fire when it is thawed', {
  timeout: 60_000,
}, () => {
  it('after a stage that was held, and after an event that came twice', async () => {
    await run('held');
    const assignment = assignmentOf('held');
    assert.deepEqual(await leftAfter([assignment, assignment]), [[], []]);
    assert.equal(await stateOf('held'), 'done');
  });
  it('after a stage that was stopped before its window', async () => {
    await store.put(controlKey('stopped'), jsonText({ state: 'stop' }));
    assert.deepEqual(await leftAfter([assignmentOf('stopped', { design: { warmUpMs: 3000 } })]), [[]]);
    assert.equal(await stateOf('stopped'), 'stopped');
  });
  it('while S3 still owes an answer to a look at the control and to a progress', async () => {
    await run('slow');
    const forLong = 20_000;
    s3.faults.slow(({ key, operation }) => key === controlKey('slow') && operation === 'GetObject', forLong);
    s3.faults.slow(({ key }) => key.startsWith('sweeps/slow/progress/'), forLong);
    assert.deepEqual(await leftAfter([assignmentOf('slow')]), [[]]);
    assert.equal(await stateOf('slow'), 'done');
  });
  it('after an assignment that failed before anything was sent', async () => {
    await run('refused');
    const assignment = assignmentOf('refused');
    const target = { ...assignment.target, url: 'https://elsewhere.example.com/v1' };
    assert.deepEqual(await leftAfter([{ ...assignment, target }]), [[]]);
    assert.equal(await stateOf('refused'), 'failed');
  });
});
