import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../lib/mock/server.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder, paretoken } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const lengths = ['--input-tokens', '20', '--output-tokens', '5'];
const times = ['--warm-up', '100ms', '--measure', '600ms', '--drain', '1s'];

describe('a results folder that fails: a clear error, its exit code, and nothing lost that was measured', () => {
  let server: MockServer;
  let run: readonly string[];
  before(async () => {
    server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1 });
    run = ['run', '--url', server.url, '--model', 'mock', '--levels', '1', ...lengths, ...times, '--id', 'a'];
  });
  after(() => server.close());
  const requests = () => server.endpoint.journal.entries().length;

  test('a full disk (ulimit -f) ends the sweep with 4; once there is room, what was measured is not measured again', () =>
    inEmptyFolder(async (cwd) => {
      const full = await paretoken([...run, '--quiet'], { cwd, fileBlocks: 16 });
      assert.equal(full.code, 4, full.stderr);
      assert.match(full.stderr, /error: can't write .*: a limit on file sizes was reached \(ulimit -f\)/);
      assert.match(full.stderr, /What was measured is kept\..* go on: paretoken run --resume results a\n/);
      assert.doesNotMatch(full.stderr, /\n\s+at /, 'no stack');
      const sent = requests();
      const resumed = await paretokenHere(['run', '--resume', 'results', 'a'], { cwd });
      assert.ok(resumed.code === 0 || resumed.code === 4, resumed.stderr);
      assert.match(resumed.stdout, /Report: results\/reports\/a\/report\.html/);
      assert.equal(requests(), sent);
    }));

  test('a file in the place of the folder: 2, nothing is sent', () =>
    inEmptyFolder(async (cwd) => {
      await writeFile(join(cwd, 'results'), '');
      const sent = requests();
      const { code, stderr } = await paretokenHere(run, { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /error: can't \w+ .*results.*: a part of the path is a file, not a folder/);
      assert.equal(requests(), sent);
    }));

  const isRoot = process.getuid?.() === 0;
  test('a folder that can’t be written: 2, nothing is sent', { skip: isRoot && 'root may write everywhere' }, () =>
    inEmptyFolder(async (cwd) => {
      await mkdir(join(cwd, 'results'));
      await chmod(join(cwd, 'results'), 0o555);
      const sent = requests();
      const { code, stderr } = await paretokenHere(run, { cwd });
      assert.equal(code, 2);
      assert.match(stderr, /you may not write there: choose another folder with --out/);
      assert.equal(requests(), sent);
    }),
  );

  test('while a sweep runs its id is taken and it can’t be resumed; its plan deleted under it ends it with 4', () =>
    inEmptyFolder(async (cwd) => {
      const others: ReturnType<typeof paretoken>[] = [];
      const { code, stderr } = await paretoken(run, {
        cwd,
        onOutput(text) {
          if (others.length === 0) others.push(paretoken(run, { cwd }), paretoken(['run', '--resume'], { cwd }));
          if (text.includes('Level 1 (1 of 1) …')) void rm(join(cwd, 'results/sweeps/a/plan.json'), { force: true });
        },
      });
      const [same, resume] = await Promise.all(others);
      assert.equal(same?.code, 2);
      assert.match(same?.stderr ?? '', /a sweep a is there already: choose another id/);
      assert.equal(resume?.code, 2);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /error: sweeps\/a\/plan\.json is not there or can't be read/);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
      assert.ok(existsSync(join(cwd, 'results/sweeps/a/receipts/stage=0001/w0000.json')));
    }));
});
