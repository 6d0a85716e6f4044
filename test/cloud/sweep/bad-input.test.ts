import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { paretoken } from '../../cli/command-line.ts';
import { type StackUser, userOf } from './bucket.ts';
import { type Deployment, deploy } from './deployment.ts';

describe('what a user of the cloud can get wrong: a clear error with its remedy', { timeout: 180_000 }, () => {
  let deployment: Deployment;
  let user: StackUser;
  before(async () => {
    const roles = {
      stranger: [],
      reader: [{ Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: '*' }],
    } as const;
    deployment = await deploy({ apiKey: 'sk-0123456789', secretMissing: true, roles });
    user = userOf(deployment);
  });
  after(() => deployment?.close());

  const as = (args: readonly string[], env: Readonly<Record<string, string>>) =>
    paretoken(args, { cwd: process.cwd(), env: { NO_COLOR: '1', ...env } });

  it('no such stack', async () => {
    const { code, stderr } = await user.run(['list', '--stack', 'Nowhere']);
    assert.equal(code, 2);
    assert.match(stderr, /there is no stack Nowhere in us-east-1: deploy it with `npx cdk deploy`, or name another/);
  });
  it('no credentials', async () => {
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = deployment.cloud.env;
    const { code, stderr } = await as(['list'], { ...env, AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' });
    assert.equal(code, 2);
    assert.match(stderr, /no AWS credentials were found.*aws sso login.*--profile/);
  });
  it('no region', async () => {
    const { AWS_REGION: _, ...env } = deployment.cloud.env;
    const { code, stderr } = await as(['list'], { ...env, HOME: '/nonexistent' });
    assert.equal(code, 2);
    assert.match(stderr, /--region/);
  });
  it('a role without any right', async () => {
    const { code, stderr } = await as(['list'], deployment.cloud.envOfRole('stranger'));
    assert.equal(code, 2);
    assert.match(stderr, /your role may not do that.*cloudformation:DescribeStacks/);
  });
  it('a role that may not read the bucket', async () => {
    const { code, stderr } = await as(['list'], deployment.cloud.envOfRole('reader'));
    assert.equal(code, 4);
    assert.match(stderr, /s3:ListBucket/);
  });
  for (const command of ['status', 'stop', 'report'] as const) {
    it(`${command} of an unknown id`, async () => {
      const { code, stderr } = await user.run([command, 'nobody']);
      assert.equal(code, 2);
      assert.match(stderr, /there is no sweep nobody in the stack Paretoken: `paretoken list` shows all/);
    });
  }
  it('a secret that is not there: the probe fails, and its words are shown', async () => {
    const { code, stdout, stderr } = await user.sweep('keyless', ['--levels', '1', '--auth-secret', 'llm-key']);
    assert.equal(code, 3, stderr);
    assert.match(stdout + stderr, /can't read\s+the secret "llm-key".*secretsmanager:GetSecretValue/s);
    assert.equal(deployment.mock.journal.entries().length, 0, 'nothing was sent');
  });
});
