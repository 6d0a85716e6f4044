import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inEmptyFolder, paretoken } from './command-line.ts';

const own = 'node-compile-cache';
const cases: readonly { why: string; env: Readonly<Record<string, string>>; lies?: string; kept: readonly string[] }[] =
  [
    { why: 'in the temporary folder', env: {}, kept: [own] },
    { why: 'not at all where the user forbids it', env: { NODE_DISABLE_COMPILE_CACHE: '1' }, kept: [] },
    { why: 'where the user says', env: { NODE_COMPILE_CACHE: 'mine' }, kept: ['mine'] },
    { why: 'not at all where its folder can’t be made', env: {}, lies: own, kept: [own] },
    { why: 'not at all where the temporary folder is none', env: { TMPDIR: '/proc/none/such' }, kept: [] },
  ];

describe('what Node made of the code is kept, and no word is said of it', () => {
  for (const { why, env, lies, kept } of cases) {
    test(why, () =>
      inEmptyFolder(async (cwd) => {
        if (lies !== undefined) await writeFile(join(cwd, lies), '');
        const { code, stdout, stderr } = await paretoken(['--version'], {
          cwd,
          env: { TMPDIR: cwd, NODE_COMPILE_CACHE: '', ...env },
        });
        assert.deepEqual([code, stderr], [0, '']);
        assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
        assert.deepEqual(await readdir(cwd), kept);
      }),
    );
  }
});
