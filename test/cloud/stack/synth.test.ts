import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { readStack } from '../template.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const bin = join(project, 'node_modules', '.bin');
// No credentials, no region, and of programs only Node, npm and a shell: what is needed beyond them would fail.
const env = { PATH: `${bin}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: '/nonexistent', CI: '1' };

describe('cdk synth in a checkout', { timeout: 120_000 }, () => {
  let folder: string;
  const synth = (...flags: readonly string[]) =>
    promisify(execFile)('cdk', ['synth', '--quiet', '--no-notices', '--output', folder, ...flags], {
      cwd: project,
      env,
    });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paretoken-synth-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('bundles the handlers and says nothing more, without an account', async () => {
    const { stdout, stderr } = await synth();
    assert.equal(`${stdout}${stderr}`.replaceAll(/^npm .*\n/gm, ''), '');
    const { functions, schedules } = readStack(folder, 'Paretoken');
    assert.equal(functions.length, 3);
    assert.deepEqual(
      schedules.map(({ name, enabled }) => [name, enabled]),
      [['nightly', false]],
    );
  });

  it('tells all that is wrong with its context, and no stack trace', async () => {
    const refused = await synth('-c', 'recordDays=0', '-c', 'allowedTargets=llm.example.com').then(
      () => assert.fail('it was accepted'),
      (error: { readonly stderr: string }) => error.stderr,
    );
    assert.match(
      refused,
      /can't be deployed as configured:\n {2}allowedTargets must be a list .*\n {2}recordDays must be/,
    );
    assert.doesNotMatch(refused, /\n {4}at /);
  });
});
