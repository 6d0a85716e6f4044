import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { inEmptyFolder, paretoken } from '../command-line.ts';

interface Told {
  readonly state: string;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly found: string }[];
  readonly exitCode: number;
}

test('paretoken doctor: every check of this machine; what is bad exits 4; no proxy’s address is shown, nothing is left', () =>
  inEmptyFolder(async (cwd) => {
    await writeFile(join(cwd, 'file'), '');
    const args = ['doctor', '--json', '--out', 'file'];
    const { code, stdout, stderr } = await paretoken(args, { cwd, env: { HTTPS_PROXY: 'http://me:pass@proxy' } });
    assert.deepEqual([code, stderr], [4, '']);
    const { state, checks, exitCode } = JSON.parse(stdout) as Told;
    assert.deepEqual([state, exitCode], ['bad', 4]);
    assert.deepEqual(
      checks.map(({ name }) => name),
      ['Cores', 'Load', 'CPU limit', 'Open files', 'Proxy', 'Clock', 'Timers', 'Node', 'Disk', 'Folder'],
    );
    const of = (name: string) => checks.find((check) => check.name === name);
    assert.match(of('Proxy')?.found ?? '', /^HTTPS_PROXY is set/);
    assert.match(of('Folder')?.found ?? '', /^Nothing can be written to file: ENOTDIR/);
    assert.equal(of('Node')?.state, 'ok');
    assert.match(of('Timers')?.found ?? '', /ms late/);
    assert.ok(!stdout.includes('pass'));
    assert.deepEqual(await readdir(cwd), ['file']);
  }));
