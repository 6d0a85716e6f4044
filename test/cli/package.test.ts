import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { startMockServer } from '../../lib/mock/server.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder } from './command-line.ts';

const project = join(import.meta.dirname, '..', '..');
// The installed command starts with whatever `node` is on the path: it is to be this one.
const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, args, { cwd, env, timeout: 120_000 });

test('the package: built, packed and installed elsewhere, its command measures and reports', { timeout: 180_000 }, () =>
  inEmptyFolder(async (folder) => {
    await run('npm', ['pack', '--silent', '--pack-destination', folder], project);
    const [tarball = ''] = await readdir(folder);
    await writeFile(join(folder, 'package.json'), '{"private": true}');
    await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--omit=dev', `./${tarball}`], folder);
    const server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1 });
    const bin = join(folder, 'node_modules', '.bin', 'paretoken');
    const flags = [
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
    const { stdout } = await run(bin, ['run', '--url', server.url, ...flags, '--quiet'], folder).catch(whatever);
    await server.close();
    assert.match(stdout, /tokens\/s[\s\S]*Report: results\/reports\/.*report\.html/);
    assert.match((await run(bin, ['init'], folder)).stdout, /^# A sweep/);
    assert.match((await run(bin, ['--version'], folder)).stdout, /^\d+\.\d+\.\d+/);
  }),
);
