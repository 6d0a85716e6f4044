import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { smallServer } from '../../../lib/mock/queue-model.ts';
import { startMockServer } from '../../../lib/mock/server.ts';
import { systemClock } from '../../../lib/timing/clock.ts';

const project = join(import.meta.dirname, '..', '..', '..');
// Commands start with whatever `node` is on the path: it is to be this one. Nothing may be looked up in an account.
const env = {
  PATH: `${join(project, 'node_modules', '.bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
  HOME: process.env['HOME'],
};
const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, args, { cwd, env, timeout: 120_000 });

const app = `
import { App, Duration, Stack } from 'aws-cdk-lib';
import { ConfigurationError, Paretoken, type ParetokenProps } from 'paretoken/cdk';

const props: ParetokenProps = {
  allowedTargets: [{ host: 'llm.example.com', secret: 'llm-key' }],
  recordLifetime: Duration.days(7),
};
const stack = new Stack(new App(), 'Mine');
const { bucket, orchestrator } = new Paretoken(stack, 'Bench', props);
stack.exportValue(bucket.bucketName, { name: \`of-\${orchestrator.node.id}\` });
if (!(new ConfigurationError([]) instanceof Error)) throw new Error();
`;

describe('the package, built, packed and installed elsewhere', { timeout: 240_000 }, () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paretoken-packed-'));
    await run('npm', ['pack', '--silent', '--pack-destination', folder], project);
    const [tarball = ''] = await readdir(folder);
    await writeFile(join(folder, 'package.json'), '{"private": true, "type": "module"}');
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--omit=dev', `./${tarball}`], folder);
    await mkdir(join(folder, 'node_modules', '@types'), { recursive: true });
    for (const name of ['aws-cdk-lib', 'constructs', '@types/node'])
      await symlink(join(project, 'node_modules', name), join(folder, 'node_modules', name));
    await writeFile(join(folder, 'app.ts'), app);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('has a command that measures and reports', async () => {
    const server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1 });
    const bin = join(folder, 'node_modules', '.bin', 'paretoken');
    const load = [
      '--levels',
      '2',
      '--input-tokens',
      '20',
      '--output-tokens',
      '5',
      '--warm-up',
      '300ms',
      '--measure',
      '1s',
    ];
    // Exit code 4 where the machine was so busy that the level can't be believed: not what this is about.
    const whatever = (error: { readonly stdout: string }) => error;
    const { stdout } = await run(bin, ['run', '--url', server.url, ...load, '--quiet'], folder).catch(whatever);
    await server.close();
    assert.match(stdout, /tokens\/s[\s\S]*Report: results\/reports\/.*report\.html/);
    assert.match((await run(bin, ['init'], folder)).stdout, /^# A sweep/);
    assert.match((await run(bin, ['--version'], folder)).stdout, /^\d+\.\d+\.\d+/);
  });

  it('has types that somebody’s own CDK app is checked against', async () => {
    const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', 'node', 'app.ts'];
    await run('tsc', flags, folder);
  });

  it('synthesizes that app, offline, with the bundles of the package as the functions’ code', async () => {
    await run('cdk', ['synth', '--quiet', '--app', 'node app.ts', '--output', 'cdk.out'], folder);
    const out = join(folder, 'cdk.out');
    const template = JSON.parse(await readFile(join(out, 'Mine.template.json'), 'utf8')) as Template;
    const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
    assert.equal(functions.length, 3);
    for (const { Properties } of functions) {
      const asset = join(out, `asset.${Properties.Code?.S3Key.replace('.zip', '')}`);
      assert.match(await readFile(join(asset, 'index.mjs'), 'utf8'), /export \{[^}]*\bhandler\b/);
    }
  });
});

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: { readonly Code?: { readonly S3Key: string } } }>
  >;
}
