import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFolder } from '../../../lib/cli/doctor/read-machine.ts';
import { inEmptyFolder } from '../command-line.ts';

test('of a results folder that is not there the one around it counts, but a link that leads nowhere is no place', () =>
  inEmptyFolder(async (cwd) => {
    assert.equal((await readFolder(join(cwd, 'not', 'there'))).refusal, null);
    await symlink(join(cwd, 'gone'), join(cwd, 'link'));
    assert.match((await readFolder(join(cwd, 'link'))).refusal ?? '', /^ENOENT/);
  }));
