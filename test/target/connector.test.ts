import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { describe, test } from 'node:test';
import { type LookUpAll, openSocket } from '../../lib/target/connector.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { scriptedServer } from './scripted-server.ts';
import { exchangeOver, socketTarget } from './socket-exchange.ts';

const clock = systemClock();
const never = new AbortController().signal;
const v4 = (address: string): LookupAddress => ({ address, family: 4 });
const v6 = (address: string): LookupAddress => ({ address, family: 6 });

test('a name that nobody knows is a connect_error', async () => {
  const target = socketTarget('http://endpoint.invalid/v1');
  const { answer, sentUs } = await exchangeOver(target.connect(), 'r');
  await target.close();
  assert.equal(answer.ending.outcome, 'connect_error');
  assert.match(answer.ending.detail ?? '', /^(ENOTFOUND|EAI_AGAIN)$/);
  assert.equal(sentUs, null);
});

const refused: readonly (readonly [why: string, addresses: readonly LookupAddress[]])[] = [
  ["a cloud's metadata", [v4('169.254.169.254')]],
  ['the same over IPv6', [v6('fd00:ec2::254')]],
  ['a link-local address', [v6('fe80::1')]],
  ['a link-local address mapped into IPv6', [v6('::ffff:169.254.0.1')]],
  ['one such address behind a good one', [v4('127.0.0.1'), v4('169.254.169.254')]],
  ['no host but many', [v4('224.0.0.1')]],
  ['no address at all', [v4('localhost')]],
];

describe('addresses are checked after the name is looked up: refused is a name that leads to', () => {
  for (const [why, addresses] of refused) {
    test(why, async () => {
      const origin = new URL('http://endpoint.test:1');
      const opening = openSocket({ origin, clock, lookup: (_, __, tell) => tell(null, [...addresses]) }, never);
      await assert.rejects(opening, { code: 'EADDRREFUSED', message: /^refused to connect: / });
    });
  }

  const inCloud: readonly (readonly [why: string, host: string, addresses: readonly LookupAddress[]])[] = [
    ['a name that leads to a private address', 'endpoint.test', [v4('10.0.0.1')]],
    ['a name that leads to one behind a public address', 'endpoint.test', [v4('8.8.8.8'), v6('::1')]],
    ['a loopback address itself', '127.0.0.1', []],
    ['an IPv6 loopback address itself', '[::1]', []],
  ];
  for (const [why, host, addresses] of inCloud) {
    test(`without private addresses: ${why}`, async () => {
      const lookup: LookUpAll = (_, __, tell) => tell(null, [...addresses]);
      const opening = openSocket(
        { origin: new URL(`http://${host}:1`), clock, lookup, privateAddresses: false },
        never,
      );
      await assert.rejects(opening, { code: 'EADDRREFUSED', message: /is no public address/ });
    });
  }

  test('what the check allows is connected to', async () => {
    const server = await scriptedServer(() => undefined);
    const origin = new URL(`http://endpoint.test:${new URL(server.url).port}`);
    const { socket, remoteAddress, protocol, tlsMs } = await openSocket(
      { origin, clock, lookup: (_, __, tell) => tell(null, [v4('127.0.0.1')]) },
      never,
    );
    socket.destroy();
    await server.close();
    assert.deepEqual([remoteAddress, protocol, tlsMs], ['127.0.0.1', 'http/1.1', null]);
  });

  test('a look-up that fails is told by its code', async () => {
    const origin = new URL('http://endpoint.test');
    const error = Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });
    const opening = openSocket({ origin, clock, lookup: (_, __, tell) => tell(error, []) }, never);
    await assert.rejects(opening, { code: 'EAI_AGAIN' });
  });
});

test('a socket that is given up while its name is looked up is never connected', {
  timeout: 10_000,
}, async (context) => {
  const server = await scriptedServer(() => undefined);
  context.after(() => server.close());
  const giveUp = new AbortController();
  const asked = Promise.withResolvers<(addresses: LookupAddress[]) => void>();
  const origin = new URL(`http://endpoint.test:${new URL(server.url).port}`);
  const lookup: LookUpAll = (_, __, tell) => asked.resolve((addresses) => tell(null, addresses));
  const opening = openSocket({ origin, clock, lookup }, giveUp.signal);
  const answer = await asked.promise;
  giveUp.abort();
  await assert.rejects(opening, /not up in time/);
  answer([v4('127.0.0.1')]);
  await clock.sleepUntil(clock.nowUs() + 20_000);
  assert.equal(server.connections(), 0);
});
