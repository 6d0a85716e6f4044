import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Point } from '../../../lib/curve/point.ts';
import { smallServer } from '../../../lib/mock/queue-model.ts';
import type { Assignment } from '../../../lib/plan/assignment.ts';
import type { Invoke } from '../invoke.ts';
import type { S3Match } from '../s3-faults.ts';
import { type StackUser, userOf } from './bucket.ts';
import { type Deployment, deploy } from './deployment.ts';

/** Three workers with a stream each. */
const flags = ['--levels', '3', '--streams-per-worker', '1'];

const assignmentOf = ({ event }: Invoke) => event as Partial<Assignment>;
/** The launch of one worker of the level's stage. */
const launchOf = (sweepId: string, worker: number) => (invoke: Invoke) => {
  const one = assignmentOf(invoke);
  return one.sweepId === sweepId && one.stage?.stage === 1 && one.worker === worker;
};
const startOf =
  (sweepId: string) =>
  ({ durableExecutionName }: Invoke) =>
    durableExecutionName === sweepId;
const putOf =
  (key: string): S3Match =>
  (request) =>
    request.operation === 'PutObject' && request.key === key;

describe('faults in the cloud: each ends with a report that says what happened', { timeout: 330_000 }, () => {
  let deployment: Deployment;
  let user: StackUser;
  before(async () => {
    deployment = await deploy({ model: { ...smallServer, slots: 64 } });
    user = userOf(deployment);
  });
  after(() => deployment?.close());

  /** Runs a sweep to its end and gives the point of its level, having checked that no request was sent twice. */
  async function pointOf(id: string, more: readonly string[] = []): Promise<Point> {
    const before = deployment.mock.journal.entries().length;
    const { code, stderr } = await user.sweep(id, [...flags, ...more]);
    assert.ok(code === 0 || code === 4, stderr);
    const ids = deployment.mock.journal
      .entries()
      .slice(before)
      .map(({ requestId }) => requestId);
    assert.equal(new Set(ids).size, ids.length, 'a request was sent twice');
    const [point] = (await user.report(id)).points;
    assert.ok(point, stderr);
    return point;
  }
  const namesOf = ({ validity }: Point) => validity.reasons.map(({ name }) => name);
  const key = (id: string, kind: 'claims' | 'receipts', worker: number) =>
    `sweeps/${id}/${kind}/stage=0001/w000${worker}${kind === 'receipts' ? '.json' : ''}`;

  it('the start is delivered twice: one sweep', async () => {
    deployment.cloud.lambda.faults.duplicate(startOf('twice'));
    const point = await pointOf('twice');
    assert.deepEqual(point.client.workersLost, []);
    assert.equal((await user.store.list('sweeps/twice/stages/')).length, 2);
  });

  it("a worker's event is delivered twice: its load is sent once", async () => {
    deployment.cloud.lambda.faults.duplicate(launchOf('double', 1), 300);
    assert.deepEqual((await pointOf('double')).client.workersLost, []);
  });

  it('a worker is killed before its claim: named as lost', async () => {
    deployment.cloud.killAt(putOf(key('unclaimed', 'claims', 1)), 'before');
    const point = await pointOf('unclaimed');
    assert.deepEqual(point.client.workersLost, [1]);
    assert.ok(namesOf(point).includes('streams_missing'));
    assert.ok(point.requests > 0, 'the others measured');
  });

  it('a worker is killed in the run: named as lost, what it had stored is used', async () => {
    deployment.cloud.lambda.faults.killAfter(launchOf('killed', 2), 3000);
    const point = await pointOf('killed');
    assert.deepEqual(point.client.workersLost, [2]);
    assert.ok(namesOf(point).includes('streams_missing'));
    const parts = (await user.store.list('records/sweep=killed/stage=0001/')).filter((part) =>
      part.includes('/w0002-'),
    );
    assert.ok(parts.length > 0, 'parts were flushed before it died');
  });

  it('a worker is killed between its last part and its receipt: lost, its records are used', async () => {
    deployment.cloud.killAt(putOf(key('unreceipted', 'receipts', 0)), 'before');
    const point = await pointOf('unreceipted');
    assert.deepEqual(point.client.workersLost, [0]);
    const parts = await user.store.list('records/sweep=unreceipted/stage=0001/');
    assert.ok(parts.some((part) => part.includes('/w0000-')));
  });

  it('the answer to a claim is lost: the worker finds its own nonce and goes on', async () => {
    deployment.cloud.s3Faults.answerLost(putOf(key('nonce', 'claims', 1)));
    assert.deepEqual((await pointOf('nonce')).client.workersLost, []);
  });

  it('half of the launches are throttled at first: all run', async () => {
    let launches = 0;
    deployment.cloud.lambda.faults.throttle(
      (invoke) => assignmentOf(invoke).sweepId === 'throttled' && launches++ % 2 === 0,
      2,
    );
    const point = await pointOf('throttled');
    assert.deepEqual(point.client.workersLost, []);
  });

  it('a launch is throttled for good: unclaimed, and named as lost', async () => {
    deployment.cloud.lambda.faults.throttleInQueue(launchOf('starved', 1));
    assert.deepEqual((await pointOf('starved')).client.workersLost, [1]);
  });

  it('the orchestrator dies in mid-sweep: it goes on, nothing is launched anew', async () => {
    deployment.cloud.durable.faults.crash(
      ({ executionName, updates }) =>
        executionName === 'phoenix' && updates.some(({ Name, Action }) => Name === 'launch-1' && Action === 'SUCCEED'),
      'before',
    );
    const point = await pointOf('phoenix');
    assert.deepEqual(point.client.workersLost, []);
    assert.equal((await user.report('phoenix')).ended?.reason, 'done');
  });

  it('the bucket is full for a while: what was measured is kept, or counted as missing', async () => {
    deployment.cloud.s3Faults.failing(
      ({ operation, key: path }) => operation === 'PutObject' && path.startsWith('records/sweep=full/stage=0001/w0001'),
      507,
      Number.POSITIVE_INFINITY,
    );
    const point = await pointOf('full');
    // While its store refuses it a worker may come too late with its receipt.
    assert.ok(namesOf(point).includes('records_missing') || point.client.workersLost[0] === 1, namesOf(point).join());
  });
});

describe('a worker that the platform ends', { timeout: 120_000 }, () => {
  it('stops sending ahead of its time, stores what it has and says so', async () => {
    const adjust: Parameters<typeof deploy>[0] = {
      adjust: (model) => (/Worker/.test(model.name) ? { ...model, timeoutSeconds: 19 } : model),
    };
    const deployment = await deploy(adjust);
    try {
      const user = userOf(deployment);
      const { stderr } = await user.sweep('short', [...flags, '--measure', '8s']);
      const [point] = (await user.report('short')).points;
      assert.ok(point, stderr);
      assert.ok(
        point.validity.reasons.some(({ name }) => name === 'interrupted'),
        `${JSON.stringify(point?.validity)} ${stderr}`,
      );
      assert.deepEqual(point.client.workersLost, []);
      assert.ok(point.requests > 0);
    } finally {
      await deployment.close();
    }
  });
});
