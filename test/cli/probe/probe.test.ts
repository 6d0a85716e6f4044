import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { smallServer } from '../../../lib/mock/queue-model.ts';
import { type MockServer, startMockServer } from '../../../lib/mock/server.ts';
import type { ProbeFinding } from '../../../lib/plan/probe-finding.ts';
import { systemClock } from '../../../lib/timing/clock.ts';
import { inEmptyFolder, paretoken, type Ran, type RunOptions } from '../command-line.ts';
import { paretokenHere } from '../in-process.ts';

const key = 'the-right-key-1234567';
const env = { MOCK_KEY: key };

/** A sweep's file for the mock, with a fault that the mock is asked for in a header. */
const sweep = (url: string, fault = '') => `
target:
  url: ${url}
  model: "mock"
  auth: {env: MOCK_KEY}
  headers: ${fault === '' ? '{}' : `{x-mock-fault: "${fault}"}`}
workload: {inputTokens: 40, outputTokens: 10}
load: {levels: [1]}
deadlines: {connect: 2s, firstToken: 600ms, idle: 1s, total: 5s}
`;

/** Probes the endpoint of a sweep's file, and sees to it that nothing else lies in the folder afterwards. */
const probeFile = (text: string, options: Partial<RunOptions> = {}, run = paretokenHere): Promise<Ran> =>
  inEmptyFolder(async (cwd) => {
    await writeFile(join(cwd, 'sweep.yaml'), text);
    const ran = await run(['probe', 'sweep.yaml'], { cwd, env, ...options });
    assert.deepEqual(await readdir(cwd), ['sweep.yaml'], 'nothing is written');
    assert.ok(!(ran.stdout + ran.stderr).includes(key.slice(0, 10)), 'the key is never shown');
    return ran;
  });

describe('paretoken probe', () => {
  let server: MockServer;
  before(async () => {
    const model = { ...smallServer, stepBaseMs: 3 };
    server = await startMockServer({ port: 0, clock: systemClock(), model, seed: 1, apiKey: key });
  });
  after(() => server.close());

  test('by flags alone, as a process of its own: what was learned in plain words, exit 0, nothing written', () =>
    inEmptyFolder(async (cwd) => {
      const flags = ['--model', 'm', '--auth-env', 'MOCK_KEY', '--input-tokens', '40', '--output-tokens', '10'];
      const { code, stdout, stderr } = await paretoken(['probe', '--url', server.url, ...flags], { cwd, env });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /^Asking http:.*\/v1\/chat\/completions \(40 input tokens, at most 10 output tokens\) …\n$/);
      assert.match(stdout, /^The endpoint can be measured\.\n/);
      const said = [
        /Connected +to 127\.0\.0\.1 in (less than 1|\d+) ms, without TLS/,
        /Answered +HTTP 200 over http\/1\.1/,
        /Model as it names itself +m\n/,
        /Streaming +yes/,
        /Count of tokens +the endpoint’s own \(usage\)/,
        /Reasoning +none/,
        /Prompt tokens +1\.00 a word; 40 in the last prompt/,
        /Time to first token +\d/,
        /Latency +[\d.]+ ms, [\d.]+ ms and [\d.]+ ms/,
      ];
      for (const pattern of said) assert.match(stdout, pattern);
      assert.deepEqual(await readdir(cwd), []);
    }));

  test('with --json: the finding and the exit code, and not a word beside', () =>
    inEmptyFolder(async (cwd) => {
      await writeFile(join(cwd, 'sweep.yaml'), sweep(server.url));
      const { stdout, stderr } = await paretokenHere(['probe', 'sweep.yaml', '--json'], { cwd, env });
      const told = JSON.parse(stdout) as { schema: string; finding: ProbeFinding; requests: number; exitCode: number };
      assert.equal(stderr, '');
      assert.deepEqual([told.schema, told.requests, told.exitCode], ['paretoken.probe.v1', 3, 0]);
      const { ok, streaming, promptTokens, reasoning, tcpMs, tlsMs, latenciesMs } = told.finding;
      assert.deepEqual(
        { ok, streaming, promptTokens, reasoning, tlsMs },
        {
          ok: true,
          streaming: true,
          promptTokens: 40,
          reasoning: 'none',
          tlsMs: null,
        },
      );
      assert.ok(tcpMs !== null && tcpMs > 0);
      assert.equal(latenciesMs.length, 3);
    }));

  const doubts = [
    { fault: 'buffered', says: [/Warning: Answers came all at once/, /What to do: .*proxy_buffering off/s] },
    { fault: 'no_usage', says: [/Warning: The endpoint sends no count/, /What to do: Have the server count/] },
    { fault: 'not_streamed', says: [/Streaming +no/, /Warning: The endpoint did not stream/, /What to do: Turn/] },
    {
      fault: 'refuse_stream_options',
      says: [/Warning: .*refused to be asked for usage.*so it was not asked/s, /What to do: Nothing needs/],
    },
  ] as const;
  for (const { fault, says } of doubts) {
    test(`${fault}: it passes, with a warning that says what to do`, async () => {
      const { code, stdout } = await probeFile(sweep(server.url, fault));
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^The endpoint can be measured, with (one|2) doubts?\.\n/);
      for (const pattern of says) assert.match(stdout, pattern);
    });
  }

  const failures = [
    { fault: 'html', why: 'a web page', says: [/no model’s answer/, /Sign in/, /address of chat completions/] },
    {
      fault: 'error_500',
      why: 'HTTP 500',
      says: [/status 500/, /The endpoint’s own words: “/, /What to do: The fault/],
    },
    { fault: 'echo_key', why: 'an answer that repeats the key', says: [/status 401/, /\[secret\]/, /Check the key/] },
    { fault: 'hang_before_headers', why: 'silence', says: [/not answer in time.*first token/, /Connected +to/] },
    { fault: 'throttled', why: 'a rate limit', says: [/rate limit/i, /What to do: Wait/] },
  ] as const;
  for (const { fault, why, says } of failures) {
    test(`${why}: exit 3, the endpoint’s words and the remedy`, async () => {
      const { code, stdout } = await probeFile(sweep(server.url, fault));
      assert.equal(code, 3, stdout);
      assert.match(stdout, /^The endpoint could not be measured\.\n/);
      for (const pattern of says) assert.match(stdout, pattern);
    });
  }

  test('a wrong key: exit 3, the endpoint’s words and the remedy, the key nowhere', async () => {
    const { code, stdout, stderr } = await probeFile(sweep(server.url), { env: { MOCK_KEY: 'wrong-key-7654321' } });
    assert.equal(code, 3);
    assert.match(stdout, /Incorrect API key.*What to do: Check the key/s);
    assert.ok(!(stdout + stderr).includes('7654321'));
  });

  test('words with markup and terminal escapes reach the terminal written out', async () => {
    const { code, stdout, stderr } = await probeFile(sweep(server.url, 'hostile_error'));
    assert.equal(code, 3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there
    assert.doesNotMatch(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test('Ctrl-C ends the wait at once, exit 130', async () => {
    let sent = false;
    const { code, stdout, stderr } = await probeFile(
      sweep(server.url, 'hang_before_headers').replace('600ms', '30s').replace('5s}', '40s}'),
      {
        onOutput(text, kill) {
          if (sent || !text.includes('Asking')) return;
          sent = true;
          setTimeout(() => kill('SIGINT'), 300);
        },
      },
      paretoken,
    );
    assert.deepEqual([code, stdout], [130, '']);
    assert.match(stderr, /Stopped\.\n$/);
  });
});

describe('a key that no header can hold: exit 2 before anything is sent, and it is not shown', () => {
  const keys = { 'a line end': 'secret-key-1\n', 'letters beyond Latin-1': 'секрет-key-1' };
  for (const [why, MOCK_KEY] of Object.entries(keys)) {
    test(why, async () => {
      const { code, stdout, stderr } = await probeFile(sweep('http://127.0.0.1:9/v1'), { env: { MOCK_KEY } });
      assert.equal(code, 2);
      assert.match(stderr, /the value of MOCK_KEY holds a character that can't be sent in a header/);
      assert.ok(!(stdout + stderr).includes('key-1'));
    });
  }
});

test('nobody there, as a process of its own: exit 3 with the reason and the remedy', async () => {
  const { code, stdout } = await probeFile(sweep('http://127.0.0.1:9/v1'), {}, paretoken);
  assert.equal(code, 3);
  assert.match(stdout, /No connection could be made to the endpoint \(ECONNREFUSED\).*What to do: Check target\.url/s);
});

test('an endpoint that answers twice and then fails passes with that doubt', async () => {
  let requests = 0;
  const usage = { prompt_tokens: 10, completion_tokens: 2 };
  const server = createServer((request, response) => {
    request.resume();
    requests += 1;
    if (requests > 2) return void response.writeHead(507).end('{"error": {"message": "out of disk"}}');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ message: { content: 'a b' }, finish_reason: 'stop' }], usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { code, stdout } = await probeFile(sweep(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`));
  server.close();
  assert.equal(code, 0, stdout);
  assert.match(stdout, /with 2 doubts.*of 3 requests the last failed.*status 507.*“out of disk”/s);
});
