import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { z } from 'zod';
import type { Progress } from '../../../lib/record/progress.ts';
import { readRecords } from '../../../lib/record/read-records.ts';
import { getJson } from '../../../lib/store/json.ts';
import { progressKey, reportFileNames, reportKey } from '../../../lib/store/key-layout.ts';
import { inEmptyFolder } from '../../cli/command-line.ts';
import { reportSchema } from '../../docs/made-parts.ts';
import { type StackUser, userOf } from './bucket.ts';
import { type Deployment, deploy } from './deployment.ts';

const apiKey = 'sk-local-cloud-0123456789abcdef';
const key = ['--auth-secret', 'llm-key'];

describe('a sweep in the cloud, by the command line alone', { timeout: 240_000 }, () => {
  let deployment: Deployment;
  let user: StackUser;
  before(async () => {
    deployment = await deploy({ apiKey });
    user = userOf(deployment);
  });
  after(() => deployment?.close());

  it('start --wait shows the progress and the table that run shows, and ends', async () => {
    const { code, stdout, stderr } = await user.sweep('first', [
      '--levels',
      '2,6',
      '--streams-per-worker',
      '3',
      ...key,
    ]);
    assert.match(stderr, /Probe · streams/);
    assert.match(stderr, /Level 6 \(2 of 2\) · [\d,]+ tok\/s/);
    assert.match(stdout, /parallel {2}validity/);
    assert.match(stdout, /s3:\/\/.*\/reports\/first\/report\.html/);
    // A busy machine may doubt every level.
    assert.ok(code === 0 || code === 4, stderr);
    const report = await user.report('first');
    assert.deepEqual(
      report.points.map(({ level, errors, client }) => ({ level, errors, lost: client.workersLost })),
      [2, 6].map((level) => ({ level, errors: {}, lost: [] })),
    );
    assert.equal(report.ended?.reason, 'done');
    assert.equal(report.machine?.region, 'us-east-1');
  });

  it('no function asked for a right that its role does not have', () => {
    assert.deepEqual(deployment.cloud.denied, []);
  });

  it('leaves the files that a sweep on a laptop leaves; the report keeps its schema', async () => {
    const keys = (await user.store.list('')).filter((one) => one.includes('first'));
    const shapes = new Set(keys.map((one) => one.replace(/\d{4}/g, 'N').replace(/-\d+\.parquet/, '-P.parquet')));
    for (const shape of [
      'sweeps/first/spec.json',
      'sweeps/first/plan.json',
      'sweeps/first/status.json',
      'sweeps/first/control.json',
      'sweeps/first/stages/stage=N.json',
      'sweeps/first/claims/stage=N/wN',
      'sweeps/first/progress/stage=N/wN.json',
      'sweeps/first/receipts/stage=N/wN.json',
      'sweeps/first/points/stage=N.json',
      'records/sweep=first/stage=N/wN-P.parquet',
      ...reportFileNames.map((file) => reportKey('first', file)),
    ]) {
      assert.ok(shapes.has(shape), `${shape} in ${[...shapes].join(' ')}`);
    }
    const schema = z.fromJSONSchema(reportSchema as z.core.JSONSchema.JSONSchema);
    const checked = schema.safeParse(await user.report('first'));
    assert.ok(checked.success, checked.error?.message);
  });

  it("every request of the endpoint's journal is a record, once", async () => {
    const parts = await Promise.all((await user.store.list('records/sweep=first/')).map((one) => user.store.get(one)));
    const read = await Promise.all(parts.map((bytes) => readRecords(bytes ?? new Uint8Array())));
    const recorded = read
      .flatMap(({ records }) => records.flatMap(({ requestId, sentUs }) => (sentUs === null ? [] : requestId)))
      .sort();
    const asked = deployment.mock.journal.entries().map(({ requestId }) => requestId);
    assert.ok(recorded.length > 50);
    assert.deepEqual(recorded, [...new Set(asked)].sort());
  });

  it('the key is in no file of the bucket and in no log', async () => {
    for (const one of await user.store.list('')) {
      const bytes = await user.store.get(one);
      assert.ok(!Buffer.from(bytes ?? []).includes(apiKey), one);
    }
    for (const name of ['Orchestrator', 'Worker', 'Aggregator']) {
      const log = deployment.cloud.logs(deployment.cloud.outputs[name] ?? '');
      assert.ok(log.length > 0 && !log.includes(apiKey), name);
    }
  });

  it('logs are JSON with sweep and stage: one line an assignment in the worker', () => {
    const linesOf = (name: string) =>
      deployment.cloud
        .logs(deployment.cloud.outputs[name] ?? '')
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const worker = linesOf('Worker').filter(({ sweep }) => sweep === 'first');
    assert.deepEqual(worker.map(({ stage, worker, end }) => `${stage}/${worker} ${end}`).sort(), [
      '0/0 done',
      '1/0 done',
      '2/0 done',
      '2/1 done',
    ]);
    const orchestrator = linesOf('Orchestrator').filter(({ message }) => message === 'sweep');
    assert.deepEqual(
      orchestrator.filter(({ kind }) => kind === 'stage_ended').map(({ stage }) => stage),
      [0, 1, 2],
      'a replay does not log again',
    );
    assert.equal(
      linesOf('Aggregator').filter(({ message, sweep }) => message === 'aggregate' && sweep === 'first').length,
      3,
    );
  });

  it('report brings the files here; list, status and watch know the sweep', () =>
    inEmptyFolder(async (folder) => {
      const brought = await user.run(['report', 'first'], folder);
      assert.equal(brought.code, 0, brought.stderr);
      const page = await readFile(join(folder, 'results', reportKey('first', 'report.html')), 'utf8');
      assert.match(page, /<svg/);
      assert.match((await user.run(['list'])).stdout, /^first +\d{4}-.*done/m);
      assert.match((await user.run(['status', 'first'])).stdout, /first: ended \(done\)\n {2}Probe · .*\n {2}Level 2/);
      assert.match((await user.run(['watch', 'first'])).stdout, /parallel {2}validity/);
      assert.equal(JSON.parse((await user.run(['report', 'first', '--json'], folder)).stdout).sweepId, 'first');
    }));

  it('prompts of a file are brought into the bucket, and workers send them', () =>
    inEmptyFolder(async (folder) => {
      await writeFile(
        join(folder, 'prompts.jsonl'),
        '{"prompt": "tell me of the sea"}\n{"prompt": "and of the hills"}\n',
      );
      const flags = ['--levels', '2', '--prompts', join(folder, 'prompts.jsonl'), ...key];
      const { code, stderr } = await user.sweep('prompts', flags, []);
      assert.ok(code === 0 || code === 4, stderr);
      assert.equal((await user.store.list('sweeps/prompts/inputs/')).length, 1);
      assert.ok(((await user.report('prompts')).points[0]?.ok ?? 0) > 0, stderr);
    }));

  it('without --wait start prints the id alone; stop ends it in mid-stage, and what was measured is reported', async () => {
    const long = [
      '--url',
      deployment.mock.url,
      '--model',
      'mock',
      '--levels',
      '4',
      '--measure',
      '60s',
      '--warm-up',
      '1s',
      '--drain',
      '1s',
      '--input-tokens',
      '20',
      '--output-tokens',
      '5',
    ];
    const started = await user.run(['start', ...long, '--id', 'stopped', ...key]);
    assert.deepEqual([started.code, started.stdout], [0, 'stopped\n'], started.stderr);
    await user.until('the window is open for a while', async () => {
      const progress = await getJson<Progress>(user.store, progressKey('stopped', 1, 0));
      return (progress?.ok ?? 0) > 200;
    });
    const again = await user.run(['start', ...long, '--id', 'stopped', ...key]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /sweep stopped is running already/);
    const stopped = await user.run(['stop', 'stopped']);
    assert.equal(stopped.code, 0, stopped.stderr);
    assert.match(stopped.stdout, /has ended/);
    const report = await user.report('stopped');
    assert.equal(report.ended?.reason, 'stopped');
    assert.ok((report.points[0]?.requests ?? 0) > 0);
    assert.ok(
      report.points[0]?.validity.reasons.some(({ name }) => name === 'interrupted'),
      JSON.stringify(report.points[0]?.validity),
    );
  });

  const refused: readonly [string, readonly string[], RegExp][] = [
    [
      'a host that is not allowed',
      ['--url', 'https://other.example.com/v1', ...key],
      /does not allow https:\/\/other\.example\.com .*allowedTargets.*cdk\.json/,
    ],
    ['a key that is not allowed for the host', ['--auth-secret', 'another'], /allowedTargets/],
    ['a key of this machine', ['--auth-env', 'HOME'], /Secrets Manager/],
    [
      'more workers than the account runs',
      ['--levels', '40000', '--streams-per-worker', '1', '--max-workers', '10000', ...key],
      /load\.levels.*L-B99A9384/,
    ],
    ['a stage longer than a worker lives', ['--measure', '20m', ...key], /a worker has/],
  ];
  for (const [index, [reason, flags, message]] of refused.entries()) {
    it(`${reason}: exit 2 with the remedy, and nothing is sent`, async () => {
      const before = deployment.mock.journal.entries().length;
      const { code, stderr } = await user.sweep(`refused-${index}`, flags);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(deployment.mock.journal.entries().length, before);
    });
  }

  it('a schedule: a delivery that comes twice runs once, and the id tells the time', async () => {
    const at = new Date('2026-01-02T03:04:05Z');
    deployment.cloud.fireSchedule('often', at);
    deployment.cloud.fireSchedule('often', at);
    const id = '20260102T0304Z-often';
    await user.until('the sweep ends', async () => (await user.status(id))?.state === 'ended');
    const claims = await user.store.list(`sweeps/${id}/claims/`);
    assert.equal(claims.length, 2);
    assert.equal((await user.status(id))?.ended?.reason, 'done');
  });

  it('a schedule whose sweep still runs: the next is refused, and says so', async () => {
    deployment.cloud.fireSchedule('often', new Date('2026-01-03T00:00:00Z'));
    await user.until('the first runs', async () => (await user.status('20260103T0000Z-often'))?.state === 'running');
    deployment.cloud.fireSchedule('often', new Date('2026-01-03T01:00:00Z'));
    await user.until(
      'the second is refused',
      async () => (await user.status('20260103T0100Z-often'))?.state === 'refused',
    );
    assert.match(
      (await user.status('20260103T0100Z-often'))?.refusals[0] ?? '',
      /20260103T0000Z-often .*still running/,
    );
    await user.until('the first ends', async () => (await user.status('20260103T0000Z-often'))?.state === 'ended');
  });
});
