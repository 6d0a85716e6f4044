import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FaultShare } from '../../lib/mock/fault-choice.ts';
import type { OutgoingRequest, Target } from '../../lib/target/target.ts';
import { openCredential } from '../../lib/worker/credential.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { runVirtually } from './run-virtually.ts';
import { type TokenAnswer, token, tokenServer } from './token-server.ts';

const secret = 'dose-of-the-service-principal';
const target = {
  url: 'https://dbc-1.cloud.databricks.com/serving-endpoints/my-llm/invocations',
  auth: { env: 'SECRET', header: 'authorization', clientId: '1f2e-3d' },
};
const secrets = { resolve: async () => secret };

function open(script: readonly [TokenAnswer, ...TokenAnswer[]]) {
  const clock = virtualClock();
  const server = tokenServer(clock, script);
  const opening = openCredential({ target, secrets, clock, newTarget: server.newTarget });
  return { clock, server, opening, opened: clock.runUntilSettled(opening) };
}

describe('a token for a service principal', () => {
  test('is fetched from its workspace by the client credentials grant, before anything is sent', async () => {
    const { server, opened } = open([token('first')]);
    const credential = await opened;
    assert.equal(credential.value(), 'first');
    const [first] = server.asked;
    assert.equal(first?.url, 'https://dbc-1.cloud.databricks.com/oidc/v1/token');
    assert.equal(first.request.body, 'grant_type=client_credentials&scope=all-apis');
    const basic = Buffer.from(`1f2e-3d:${secret}`).toString('base64');
    assert.equal(first.request.headers['authorization'], `Basic ${basic}`);
    credential.close();
  });

  test('is renewed when four fifths of its life are over; until then, and while that lasts, the old one is sent', async () => {
    const { clock, server, opened } = open([token('first', 1000), token('second', 1000), token('third', 1000)]);
    const credential = await opened;
    const bornUs = clock.nowUs();
    const at = async (seconds: number) => {
      await clock.advanceTo(bornUs + seconds * 1e6);
      return credential.value();
    };
    assert.deepEqual([await at(799), await at(800.01), await at(800.03)], ['first', 'first', 'second']);
    assert.equal(await at(1601), 'third');
    assert.equal(server.asked.length, 3);
    credential.close();
    await clock.run();
    assert.equal(server.asked.length, 3, 'closed: renewed no more');
  });

  test('that can’t be renewed is sent on, tried again, and said', async () => {
    const refused = { status: 401, body: { error: 'invalid_client', error_description: 'Secret expired' } };
    const { clock, opened } = open([token('first', 1000), refused, token('second', 1000)]);
    const credential = await opened;
    const bornUs = clock.nowUs();
    await clock.advanceTo(bornUs + 801e6);
    assert.equal(credential.value(), 'first');
    assert.match(credential.failure ?? '', /gave no token to the client id 1f2e-3d.*Secret expired/);
    await clock.advanceTo(bornUs + 831e6);
    assert.deepEqual([credential.value(), credential.failure], ['second', null]);
    credential.close();
  });

  for (const answer of ['silence', 'reset'] as const) {
    test(`closed while it is being renewed (${answer}): nothing is waited for and nothing is tried again`, async () => {
      const { clock, server, opened } = open([token('first', 1000), answer]);
      const credential = await opened;
      await clock.advanceTo(clock.nowUs() + 800.1e6);
      assert.equal(server.asked.length, 2);
      credential.close();
      assert.equal(clock.pending(), 0);
      await clock.run();
      assert.equal(server.asked.length, 2);
    });
  }

  const failures: readonly {
    why: string;
    script: readonly [TokenAnswer, ...TokenAnswer[]];
    says: RegExp;
    asked: number;
    withinMs: number;
  }[] = [
    {
      why: 'a wrong secret is not tried again',
      script: [{ status: 401, body: { error: 'invalid_client', error_description: `Wrong ${secret}` } }],
      says: /gave no token to the client id 1f2e-3d: check target\.auth\.clientId, the OAuth secret .*\(status 401: Wrong \[secret\]\)/,
      asked: 1,
      withinMs: 100,
    },
    {
      why: 'no workspace',
      script: [{ status: 404, body: '<!doctype html><title>Not found</title>' }],
      says: /target\.host does not give tokens as a Databricks workspace does: check it \(status 404/,
      asked: 1,
      withinMs: 100,
    },
    {
      why: 'a page instead of a token',
      script: [{ status: 200, body: '<!doctype html>Sign in' }],
      says: /target\.host does not give tokens.*status 200: no JSON with an access_token that can be sent/,
      asked: 1,
      withinMs: 100,
    },
    {
      why: 'a token that can’t be sent is not told',
      script: [{ status: 200, body: { access_token: 'two words' } }],
      says: /^((?!two words).)*$/,
      asked: 1,
      withinMs: 100,
    },
    {
      why: 'a fault of the workspace’s own is tried three times',
      script: [{ status: 503, body: { error_code: 'TEMPORARILY_UNAVAILABLE', message: 'Try later.' } }],
      says: /the workspace gave no token \(status 503: Try later\.\)/,
      asked: 3,
      withinMs: 3000,
    },
    {
      why: 'a workspace that can’t be reached',
      script: ['reset'],
      says: /no token could be fetched from the workspace \(socket hang up\): check target\.host/,
      asked: 3,
      withinMs: 3000,
    },
    {
      why: 'a workspace that says nothing, within a bound',
      script: ['silence'],
      says: /no answer within 5 s/,
      asked: 3,
      withinMs: 17_100,
    },
  ];
  for (const { why, script, says, asked, withinMs } of failures) {
    test(`can't be had: ${why}`, async () => {
      const { clock, server, opening, opened } = open(script);
      opening.catch(() => undefined);
      const bornUs = clock.nowUs();
      await assert.rejects(opened, ({ message }: Error) => {
        assert.match(message, says);
        assert.ok(!message.includes(secret), 'the secret is never told');
        return true;
      });
      assert.equal(server.asked.length, asked);
      assert.ok(clock.nowUs() - bornUs <= withinMs * 1000, `${(clock.nowUs() - bornUs) / 1000} ms`);
    });
  }

  test('passing trouble is got over', async () => {
    const { opened } = open(['reset', { status: 429, body: {} }, token('third-time')]);
    const credential = await opened;
    assert.equal(credential.value(), 'third-time');
    credential.close();
  });
});

describe('a worker with a service principal', () => {
  const planned = { ...target, model: 'm', headers: {}, parameters: {}, usageInStream: true, readyWithin: null };

  /** The mock behind the token that the workspace gives. */
  async function run(script: readonly [TokenAnswer, ...TokenAnswer[]], faults: readonly FaultShare[] = []) {
    const sent: (string | undefined)[] = [];
    const result = await runVirtually({
      faults,
      rest: { target: planned },
      design: { windowMs: 14_000 },
      leadMs: 1000,
      prepare({ clock, ports }) {
        const { newTarget } = ports;
        const server = tokenServer(clock, script);
        const place: typeof newTarget = (url, rules) => {
          if (url.endsWith('/oidc/v1/token')) return server.newTarget(url);
          return heardTarget(newTarget(url, rules), ({ headers }) => sent.push(headers['authorization']));
        };
        Object.assign(ports, { newTarget: place, secrets });
      },
    });
    return { ...result, sent };
  }

  test('sends its token, and a renewed one from some request in the middle of the stage on', async () => {
    const { receipt, records, sent } = await run([token('first-token', 12.5), token('second-token')]);
    const renewed = sent.indexOf('Bearer second-token');
    assert.ok(renewed > 20 && renewed < sent.length - 20, `${renewed} of ${sent.length}`);
    assert.ok(sent.slice(0, renewed).every((value) => value === 'Bearer first-token'));
    assert.ok(
      sent.slice(renewed + 2).every((value) => value === 'Bearer second-token'),
      'but for what was prepared',
    );
    assert.ok(records.every(({ outcome }) => outcome === 'ok' || outcome === 'cancelled'));
    assert.equal(receipt.failure, null);
  });

  test('of tokens and the secret nothing is stored, though the endpoint repeats them', async () => {
    const { store, records } = await run([token('first-token-abcdef')], [{ kind: 'echo_key', share: 1 }]);
    assert.match(records[0]?.message ?? '', /\[secret\]/);
    for (const key of store.keys()) {
      assert.ok(!/first-token-abcdef|dose-of-the-service/.test(store.text(key)), key);
    }
  });

  test('without a token sends nothing and says why', async () => {
    const { receipt, journal } = await run([{ status: 401, body: { error: 'invalid_client' } }]);
    assert.equal(receipt.state, 'failed');
    assert.match(receipt.failure ?? '', /gave no token to the client id/);
    assert.equal(journal.length, 0);
  });
});

/** A target that tells each request that it is given. */
function heardTarget(target: Target, hear: (request: OutgoingRequest) => void): Target {
  return {
    ...target,
    connect() {
      const connection = target.connect();
      return {
        ...connection,
        send(request, listener) {
          hear(request);
          return connection.send(request, listener);
        },
      };
    },
  };
}
