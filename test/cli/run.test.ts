import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../lib/mock/server.ts';
import type { Report } from '../../lib/report/report.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder, paretoken } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const short = [
  '--levels',
  '1,2',
  '--input-tokens',
  '20',
  '--output-tokens',
  '5',
  '--warm-up',
  '300ms',
  '--measure',
  '1s',
  '--drain',
  '2s',
  '--no-drift-check',
];

/** Done; 4 where the machine was so busy that no level could be believed, which is not what these tests are about. */
const assertDone = (code: number | null, said: string) => assert.ok(code === 0 || code === 4, `exit ${code}: ${said}`);

describe('paretoken run', () => {
  let server: MockServer;
  before(async () => {
    const model = { ...smallServer, prefillBaseMs: 60, stepBaseMs: 10 };
    server = await startMockServer({ port: 0, clock: systemClock(), model, seed: 1, apiKey: 'the-right-key' });
  });
  after(() => server.close());
  const keyed = ['--auth-env', 'MOCK_KEY'];
  const env = { MOCK_KEY: 'the-right-key' };

  test('by flags alone, as a process of its own: progress as lines, the table and the answer last, exit 0; then report draws it again', () =>
    inEmptyFolder(async (cwd) => {
      const { code, stdout, stderr } = await paretoken(
        ['run', '--url', server.url, '--model', 'mock', ...keyed, ...short, '--out', 'out'],
        { cwd, env },
      );
      assertDone(code, stderr);
      assert.match(stderr, /Probe · streams .*Level 1 \(1 of 2\).*Level 2 \(2 of 2\) · .* tok\/s/s);
      assert.match(
        stdout,
        /(Send .*parallel request|No level (gave figures|could be measured)).*\n\nReport: out\/reports\/.*\/report\.html\n$/s,
      );
      const [id = ''] = await readdir(join(cwd, 'out', 'reports'));
      const files = await readdir(join(cwd, 'out', 'reports', id));
      assert.deepEqual(files.sort(), [
        'curve.csv',
        'curve.svg',
        'report.html',
        'report.json',
        'report.md',
        'summary.json',
      ]);
      const again = await paretokenHere(['report', 'out'], { cwd });
      assert.equal(again.code, 0, again.stderr);
      assert.equal(again.stdout, stdout);
      const json = await paretokenHere(['report', 'out', id, '--json'], { cwd });
      assert.equal((JSON.parse(json.stdout) as Report).points.length, 2);
    }));

  test('with --json: an event a line on stdout, the report’s path and exit code last', () =>
    inEmptyFolder(async (cwd) => {
      const { stdout } = await paretokenHere(['run', '--url', server.url, ...keyed, ...short, '--json', '--quiet'], {
        cwd,
        env,
      });
      const events = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { kind: string; exitCode?: number; path?: string });
      assert.deepEqual(
        events.map(({ kind }) => kind),
        [
          ...['planned', 'estimated', 'stage_started', 'stage_ended', 'estimated'],
          ...['stage_started', 'stage_ended', 'stage_started', 'stage_ended', 'ended', 'report'],
        ],
      );
      assertDone(events.at(-1)?.exitCode ?? null, stdout);
      assert.ok(existsSync(join(cwd, events.at(-1)?.path ?? '')));
    }));

  test('with --quiet: nothing but the table', () =>
    inEmptyFolder(async (cwd) => {
      const one = ['--levels', '1', '--quiet'];
      const { stderr, stdout } = await paretokenHere(['run', '--url', server.url, ...keyed, ...short, ...one], {
        cwd,
        env,
      });
      assert.equal(stderr, '');
      assert.match(stdout, /^ +Throughput/);
    }));

  test('an id that is there already is refused, and what is there stays', () =>
    inEmptyFolder(async (cwd) => {
      const args = ['run', '--url', server.url, ...keyed, ...short, '--levels', '1', '--id', 'twice', '--quiet'];
      const first = await paretokenHere(args, { cwd, env });
      assertDone(first.code, first.stderr);
      const report = join(cwd, 'results', 'reports', 'twice', 'report.json');
      const before = await readFile(report);
      const { code, stderr } = await paretokenHere(args, { cwd, env });
      assert.equal(code, 2);
      assert.match(stderr, /a sweep twice is there already: choose another id/);
      assert.deepEqual(await readFile(report), before);
    }));

  test('a wrong key: exit 3, the endpoint’s words and the remedy, only stage 0 and a report; the key nowhere', () =>
    inEmptyFolder(async (cwd) => {
      const { code, stdout, stderr } = await paretokenHere(['run', '--url', server.url, ...keyed, ...short], {
        cwd,
        env: { MOCK_KEY: 'wrong-key-7654321' },
      });
      assert.equal(code, 3);
      assert.match(stdout, /401/);
      assert.match(stdout, /Incorrect API key/i);
      assert.match(stdout, /Check the key/);
      const files = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
      assert.ok(files.every(({ parentPath, name }) => !/stage=000[1-9]/.test(join(parentPath, name))));
      const texts = await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')));
      for (const text of [...texts, stdout, stderr]) assert.ok(!text.includes('7654321'));
    }));

  test('nobody there: exit 3 with the reason and the remedy', () =>
    inEmptyFolder(async (cwd) => {
      const { code, stdout } = await paretoken(['run', '--url', 'http://127.0.0.1:9/v1', ...short], { cwd });
      assert.equal(code, 3);
      assert.match(stdout, /No connection could be made to the endpoint \(ECONNREFUSED\).*Check target\.url/s);
    }));

  test('Ctrl-C lets go within five seconds, keeps what was measured, writes the report and exits 130', () =>
    inEmptyFolder(async (cwd) => {
      const clock = systemClock();
      let stoppedUs = 0;
      const { code, stderr, stdout } = await paretoken(
        ['run', '--url', server.url, ...keyed, ...short, '--measure', '30s'],
        {
          cwd,
          env,
          onOutput(text, kill) {
            if (stoppedUs > 0 || !text.includes('Level 1 (1 of 2) …')) return;
            stoppedUs = clock.nowUs() + 2.5e6;
            clock.callAt(stoppedUs, () => kill('SIGINT'));
          },
        },
      );
      assert.equal(code, 130, stderr);
      assert.match(stderr, /Stopping: what was measured is kept/);
      assert.match(stdout, /Report: .*report\.html/);
      assert.match(stderr, /The rest can be measured: paretoken run --resume results /);
      const arrivals = server.endpoint.journal.entries().map(({ arrivalUs }) => arrivalUs);
      assert.ok(Math.max(...arrivals) < stoppedUs + 5e6);
    }));
});

describe('an endpoint that serves web pages', () => {
  test('exit 3: no model’s answer, and the remedy', () =>
    inEmptyFolder(async (cwd) => {
      const faults = [{ kind: 'html', share: 1 }] as const;
      const server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1, faults });
      const { code, stdout } = await paretokenHere(['run', '--url', server.url, ...short], { cwd });
      await server.close();
      assert.equal(code, 3);
      assert.match(stdout, /no model’s answer.*Sign in.*address of chat completions/s);
    }));

  test('words with markup and terminal escapes reach neither terminal nor page as such', () =>
    inEmptyFolder(async (cwd) => {
      const faults = [{ kind: 'hostile_error', share: 1 }] as const;
      const server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1, faults });
      const { stdout, stderr } = await paretokenHere(['run', '--url', server.url, ...short], { cwd });
      await server.close();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there
      assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      const [id = ''] = await readdir(join(cwd, 'results', 'reports'));
      const html = await readFile(join(cwd, 'results', 'reports', id, 'report.html'), 'utf8');
      assert.doesNotMatch(html, /<script/i);
    }));
});
