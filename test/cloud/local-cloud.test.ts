import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { bundled } from './fixtures/bundled.ts';
import type { KeeperEvent } from './fixtures/keeper.ts';
import { sampleAssembly } from './fixtures/sample-stack.ts';
import { until } from './fixtures/until.ts';
import { type LocalCloud, startLocalCloud } from './local-cloud.ts';

const bundles = await Promise.all([bundled('starter.ts'), bundled('keeper.ts')]);
const assembly = sampleAssembly({ starter: bundles[0].folder, keeper: bundles[1].folder });
for (const bundle of bundles) bundle.remove();
const stackName = 'SampleStack';
const secrets = { sample: 'the secret', other: 'not for Keeper' };
let cloud: LocalCloud;
let lambda: LambdaClient;
let bucket: string;

before(async () => {
  cloud = await startLocalCloud({
    assembly: assembly.folder,
    stackName,
    secrets,
    parameters: { sample: 'the parameter' },
    roles: { viewer: [{ Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: '*' }] },
  });
  // As a process under `cloud.env` would: the client is told nothing but by its environment.
  Object.assign(process.env, cloud.env);
  lambda = new LambdaClient();
  bucket = cloud.outputs['BucketName'] ?? '';
});
after(async () => {
  lambda.destroy();
  await cloud.stop();
  assembly.remove();
});

async function keep(event: KeeperEvent) {
  const FunctionName = `${cloud.outputs['KeeperName']}:live`;
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const answer = JSON.parse(Payload?.transformToString() ?? 'null');
  return { answer, error: FunctionError === undefined ? null : `${answer.errorType}: ${answer.errorMessage}` };
}

async function kept(Key: string): Promise<string | undefined> {
  return (await cloud.s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
}

describe('a function of the stack', () => {
  test('does what its policies allow, told where the services are by its environment alone', async () => {
    assert.deepEqual(await keep({ key: 'kept/one', body: 'first' }), { answer: 'kept', error: null });
    assert.equal(await kept('kept/one'), 'first');
    assert.deepEqual(cloud.denied, []);
  });

  const denials = [
    { why: 'a key outside its prefix', event: { key: 'other/one' }, action: 's3:PutObject', error: /^AccessDenied: / },
    { why: 'a listing', event: { list: true }, action: 's3:ListBucket', error: /^AccessDenied: / },
    {
      why: 'a secret of others',
      event: { secret: 'other' },
      action: 'secretsmanager:GetSecretValue',
      error: /^AccessDeniedException: /,
    },
    {
      why: 'a secret that does not exist',
      event: { secret: 'none' },
      action: 'secretsmanager:GetSecretValue',
      error: /^AccessDeniedException: /,
    },
    {
      why: 'a parameter of others',
      event: { parameter: 'other' },
      action: 'ssm:GetParameter',
      error: /^AccessDeniedException: /,
    },
  ];
  for (const { why, event, action, error } of denials)
    test(`is refused ${why}, and the refusal is noted`, async () => {
      const outcome = await keep(event);
      assert.match(outcome.error ?? '', error);
      assert.match(cloud.denied.at(-1) ?? '', new RegExp(`Keeper.* ${action} `));
    });

  test('reads the secret and the parameter that it may', async () => {
    assert.equal((await keep({ secret: 'sample' })).answer, 'the secret');
    assert.equal((await keep({ parameter: 'sample' })).answer, 'the parameter');
  });

  test('dies at a request to S3 when a test says so: before, nothing is stored; after, it is', async () => {
    cloud.killAt(({ key }) => key === 'kept/before', 'before');
    cloud.killAt(({ key }) => key === 'kept/after', 'after');
    assert.match((await keep({ key: 'kept/before', body: 'x' })).error ?? '', /Runtime.ExitError: .*SIGKILL/);
    assert.match((await keep({ key: 'kept/after', body: 'x' })).error ?? '', /Runtime.ExitError: .*SIGKILL/);
    await assert.rejects(kept('kept/before'), { name: 'NoSuchKey' });
    assert.equal(await kept('kept/after'), 'x');
    assert.equal((await keep({ key: 'kept/again' })).error, null);
  });

  test('writes a log that can be read, also by name only if it exists', () => {
    assert.match(cloud.logs(cloud.outputs['KeeperName'] ?? ''), /START RequestId/);
    assert.throws(() => cloud.logs('none'), /no function none/);
  });
});

describe('the stack', () => {
  test('is found by name, with its outputs', async () => {
    const client = new CloudFormationClient();
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]));
    assert.deepEqual(outputs, cloud.outputs);
    await assert.rejects(client.send(new DescribeStacksCommand({ StackName: 'Other' })), {
      name: 'ValidationError',
      message: 'Stack with id Other does not exist',
    });
    client.destroy();
  });

  test('has a schedule that starts the durable function with the time it stands for', async () => {
    cloud.fireSchedule('nightly', new Date('2026-03-01T03:00:00Z'));
    const execution = await until('the execution', () => cloud.durable.executions[0]);
    await execution.over;
    assert.deepEqual([execution.status, execution.error], ['SUCCEEDED', undefined]);
    assert.equal(await kept('kept/nightly'), '2026-03-01T03:00:00Z');
    assert.throws(() => cloud.fireSchedule('weekly', new Date()), /no schedule weekly; it has nightly/);
  });

  test('is seen by a user whose role allows it, who may do nothing else', async () => {
    const env = cloud.envOfRole('viewer');
    const credentials = { accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: 'x' };
    const [viewer, starter] = [new CloudFormationClient({ credentials }), new LambdaClient({ credentials })];
    await viewer.send(new DescribeStacksCommand({ StackName: stackName }));
    const FunctionName = `${cloud.outputs['StarterName']}:live`;
    await assert.rejects(starter.send(new InvokeCommand({ FunctionName })), { name: 'AccessDeniedException' });
    viewer.destroy();
    starter.destroy();
  });

  test('is not there under another name', async () => {
    await assert.rejects(
      startLocalCloud({ assembly: assembly.folder, stackName: 'Other' }),
      /no stack Other; it has SampleStack/,
    );
  });
});

describe('the end', () => {
  const alive = (pid: number) => spawnSync('kill', ['-0', String(pid)]).status === 0;

  test('no function outlives the process that runs the cloud, not even a frozen one', async () => {
    const script = join(import.meta.dirname, 'fixtures/abandoned-cloud.ts');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (text) => (printed += text));
    const pid = Number(await until('the pid of a function', () => /pid (\d+)\n/.exec(printed)?.[1], 20_000));
    assert.ok(alive(pid));
    child.kill('SIGKILL');
    await until('its end', () => (alive(pid) ? null : true));
  });
});
