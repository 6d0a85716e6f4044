import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bringWorkloadFile } from '../../lib/cli/workload-file.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../lib/mock/server.ts';
import type { Report } from '../../lib/report/report.ts';
import { describeFault, type Fault, SpecError } from '../../lib/spec/fault.ts';
import { parseWritten } from '../../lib/spec/parse.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder, paretoken } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const specOf = (url: string) => `target: {url: ${url}}
workload: {file: prompts/short.jsonl, outputTokens: 3}
load: {levels: [2], driftCheck: false}
stage: {measure: {requestsPerStream: 5}}
`;
const prompts = '{"prompt": "one two three"}\n{"prompt": "one two three four five", "max_tokens": 2}\n';

/** The sweep in a folder, its prompts in one beside it. */
async function layOut(cwd: string, url: string, rows: string): Promise<void> {
  await mkdir(join(cwd, 'sweeps', 'prompts'), { recursive: true });
  await writeFile(join(cwd, 'sweeps', 'short.yaml'), specOf(url));
  await writeFile(join(cwd, 'sweeps', 'prompts', 'short.jsonl'), rows);
}

describe('a workload from a file', () => {
  let server: MockServer;
  before(async () => {
    server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1 });
  });
  after(() => server.close());

  test('its path begins where the sweep’s file is; the rows rest with the sweep, and are what was asked', () =>
    inEmptyFolder(async (cwd) => {
      await layOut(cwd, server.url, prompts);
      const { code, stdout, stderr } = await paretoken(['run', 'sweeps/short.yaml', '--id', 'filed', '--json'], {
        cwd,
      });
      assert.ok(code === 0 || code === 4, stderr);
      const [input = ''] = await readdir(join(cwd, 'results', 'sweeps', 'filed', 'inputs'));
      assert.match(input, /^[0-9a-f]{64}$/);
      assert.equal(await readFile(join(cwd, 'results', 'sweeps', 'filed', 'inputs', input), 'utf8'), prompts);
      const seen = new Set(server.journal.entries().map(({ inputTokens }) => inputTokens));
      assert.deepEqual([...seen].sort(), [3, 5]);
      assert.match(stdout, new RegExp(`"file":{"name":"short.jsonl","sha256":"${input}","rows":2,"prompts":2`));
      const report = await readFile(join(cwd, 'results', 'reports', 'filed', 'report.json'), 'utf8');
      assert.ok(!report.includes('one two three'), 'prompts are not in the report');
      assert.equal((JSON.parse(report) as Report).points[0]?.requests, 10);
    }));

  test('by flags alone, relative to where one is; the probe asks what stands in it', () =>
    inEmptyFolder(async (cwd) => {
      await writeFile(join(cwd, 'mine.jsonl'), '{"prompt": "alpha beta gamma delta"}\n');
      const { code, stdout, stderr } = await paretokenHere(
        ['probe', '--url', server.url, '--prompts', 'mine.jsonl', '--output-tokens', '2'],
        { cwd },
      );
      assert.equal(code, 0, stderr);
      assert.match(stderr, /the one row of mine\.jsonl: on average about 6 input tokens/);
      assert.match(stdout, /Prompt tokens .* 4 in the last prompt/);
    }));

  test('faulty rows are all listed with their line before anything is sent or written', () =>
    inEmptyFolder(async (cwd) => {
      const before = server.journal.entries().length;
      await layOut(cwd, server.url, `${prompts}{"promt": "x"}\n\n{"prompt": "x", "max_tokens": "many"}\n`);
      const { code, stdout, stderr } = await paretokenHere(['run', 'sweeps/short.yaml'], { cwd });
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /2 things are wrong/);
      assert.match(stderr, /workload\.file short\.jsonl line 3 has neither prompt, messages nor inputTokens/);
      assert.match(stderr, /workload\.file short\.jsonl line 5 has as "max_tokens" no whole number/);
      assert.deepEqual(await readdir(cwd), ['sweeps']);
      assert.equal(server.journal.entries().length, before);
    }));
});

describe('a file of prompts that can’t be used', () => {
  const read = parseWritten(specOf('http://127.0.0.1:9/v1'));
  const faultsIn = async (folder: string) => {
    const faults: readonly Fault[] | null = await bringWorkloadFile(read, folder).then(
      () => null,
      (error: unknown) => (error instanceof SpecError ? error.faults : null),
    );
    return faults?.map(describeFault) ?? [];
  };

  test('of very many faulty rows the first fifty are listed, and the others counted', () =>
    inEmptyFolder(async (folder) => {
      await mkdir(join(folder, 'prompts'));
      await writeFile(join(folder, 'prompts', 'short.jsonl'), '[]\n'.repeat(1051));
      const faults = await faultsIn(folder);
      assert.equal(faults.length, 51);
      assert.match(faults[49] ?? '', /^workload\.file short\.jsonl line 50 is no JSON object/);
      assert.match(faults[50] ?? '', /and 1,001 more like these/);
    }));

  test('a file that is not there, and one that is none', () =>
    inEmptyFolder(async (folder) => {
      assert.match((await faultsIn(folder))[0] ?? '', /^workload\.file is not there: .*\/prompts\/short\.jsonl$/);
      await mkdir(join(folder, 'prompts', 'short.jsonl'), { recursive: true });
      assert.match((await faultsIn(folder))[0] ?? '', /^workload\.file can't be read: .*EISDIR/);
    }));

  test('what another sweep made of a file is no file', async () => {
    const file = { name: 'a', sha256: '0'.repeat(64), rows: 1, prompts: 1, inputTokens: 1, outputTokens: 1 };
    const spec = { ...read.spec, workload: { ...read.spec.workload, file } };
    await assert.rejects(bringWorkloadFile({ spec, written: null }, '.'), /give the path of the file itself/);
  });
});
