import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { describe, test } from 'node:test';
import { openSocket } from '../../lib/target/connector.ts';
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

test('a socket that is not up when it is given up never comes up', async () => {
  const giveUp = new AbortController();
  let answer: (addresses: LookupAddress[]) => void = () => undefined;
  const origin = new URL('http://endpoint.test');
  const opening = openSocket(
    {
      origin,
      clock,
      lookup: (_, __, tell) => {
        answer = (addresses) => tell(null, addresses);
      },
    },
    giveUp.signal,
  );
  giveUp.abort();
  await assert.rejects(opening, /not up in time/);
  answer([v4('127.0.0.1')]);
});
