import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { provisionedServer, smallServer } from '../../lib/mock/queue-model.ts';
import { type MockServer, type MockServerOptions, startMockServer } from '../../lib/mock/server.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { inEmptyFolder } from './command-line.ts';
import { paretokenHere } from './in-process.ts';

const key = 'dapi-the-right-key';
const lengths = ['--input-tokens', '20', '--output-tokens', '3'];

async function withMock<T>(own: Partial<MockServerOptions>, use: (server: MockServer, host: string) => Promise<T>) {
  const server = await startMockServer({ port: 0, clock: systemClock(), model: smallServer, seed: 1, ...own });
  try {
    return await use(server, new URL(server.url).origin);
  } finally {
    await server.close();
  }
}

const probe = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  inEmptyFolder((cwd) => paretokenHere(['probe', ...args, ...lengths], { cwd, env }));

describe('paretoken and a Databricks serving endpoint', () => {
  test('without a token: which variable to set, before anything is sent', () =>
    withMock({}, async (server, host) => {
      const { code, stderr } = await probe(['--host', host, '--endpoint', 'my-llm'], {});
      assert.equal(code, 2);
      assert.match(stderr, /set DATABRICKS_TOKEN \(what a Databricks target reads unless --auth-env names another\)/);
      assert.doesNotMatch(stderr, /target\.auth\.env names/);
      assert.equal(server.journal.entries().length, 0);
    }));

  const principal = ['--endpoint', 'my-llm', '--client-id', '1f2e-3d', '--auth-env', 'OAUTH_SECRET'];
  test('a service principal: its token is fetched from the workspace', () =>
    withMock({ apiKey: key }, async (_, host) => {
      const { code, stdout, stderr } = await probe(['--host', host, ...principal], { OAUTH_SECRET: key });
      assert.equal(code, 0, stderr + stdout);
      assert.match(stderr, /^Asking http:.*\/serving-endpoints\/my-llm\/invocations /);
    }));

  test('a service principal with a wrong secret: exit 3, why, and what to check; the secret is not shown', () =>
    withMock({ apiKey: key }, async (server, host) => {
      const { code, stdout } = await probe(['--host', host, ...principal], { OAUTH_SECRET: 'wrong-secret-123' });
      assert.equal(code, 3);
      assert.match(
        stdout,
        /Nothing could be sent to the endpoint\.\nWhy: the workspace gave no token to the client id 1f2e-3d/,
      );
      assert.match(stdout.replaceAll('\n', ' '), /Client authentication failed/);
      assert.ok(!stdout.includes('wrong-secret-123'));
      assert.equal(server.journal.entries().length, 0);
    }));

  test('an endpoint that scales from zero is waited for, and that is said', () => {
    const scaling = { least: 0, coldStartMs: 1500, idleMs: 60_000 };
    return withMock({ model: { ...provisionedServer, scaling } }, async (_, host) => {
      const { code, stdout, stderr } = await probe(['--host', host, '--endpoint', 'my-llm'], { DATABRICKS_TOKEN: key });
      assert.equal(code, 0, stderr + stdout);
      assert.match(stderr, /\nNot ready \(503\): waiting at most 15m …\n/);
      assert.match(stdout, /Ready +after \d(\.\d)?s of answering 503; nothing was measured before/);
    });
  });
});
