import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { done, httpChunk, lastChunk, type Script, scriptedServer, streamHead, word } from './scripted-server.ts';
import { exchangeOver, socketTarget } from './socket-exchange.ts';

const answer = Buffer.concat([Buffer.from(streamHead), httpChunk(word('a') + done), Buffer.from(lastChunk)]);
const timeOut = 'HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

async function setUp(context: TestContext, script: Script) {
  const server = await scriptedServer(script);
  const target = socketTarget(server.url);
  context.after(async () => {
    await target.close();
    await server.close();
  });
  return { server, target, connection: target.connect() };
}

/** Time for the client to notice what became of an idle socket. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** How a server ends a socket on which nothing is asked of it. */
const ends: readonly (readonly [why: string, end: (socket: Socket) => void])[] = [
  ['closes it', (socket) => void socket.end()],
  ['resets it', (socket) => void socket.resetAndDestroy()],
  ['says that it waited too long, and closes it', (socket) => void socket.end(timeOut)],
];
const unasked = ['sends an answer that nobody asked for', (socket: Socket) => void socket.write(answer)] as const;

describe('a request after an idle time goes over a socket that carries it: the server', () => {
  for (const [why, end] of [...ends, unasked]) {
    test(why, async (context) => {
      const sockets: Socket[] = [];
      const { server, connection } = await setUp(context, (socket) => {
        sockets.push(socket);
        socket.write(answer);
      });
      const first = await exchangeOver(connection, 'first');
      const [idle] = sockets;
      assert.ok(idle);
      const closed = new Promise<void>((resolve) => void idle.once('close', () => resolve()));
      end(idle);
      await closed;
      await turns(3);
      const second = await exchangeOver(connection, 'second');
      assert.deepEqual(
        [first, second].map(({ answer: { ending } }) => ending.outcome),
        ['ok', 'ok'],
      );
      assert.deepEqual(
        [first, second].map(({ socket }) => socket?.reused),
        [false, false],
      );
      assert.equal(server.connections(), 2);
    });
  }

  test('keeps it: it is used again', async (context) => {
    const { server, connection } = await setUp(context, (socket) => void socket.write(answer));
    for (const reused of [false, true, true]) {
      assert.equal((await exchangeOver(connection, 'r')).socket?.reused, reused);
    }
    assert.equal(server.connections(), 1);
  });
});

describe('a socket that was opened ahead and has not lasted is not used: the server', () => {
  for (const [why, end] of ends) {
    test(why, async (context) => {
      let connections = 0;
      const ended = Promise.withResolvers<void>();
      const server = createServer((socket) => {
        connections += 1;
        socket.on('error', () => undefined);
        if (connections > 1) socket.once('data', () => socket.end(answer));
        else {
          end(socket);
          socket.resume().once('close', ended.resolve);
        }
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const target = socketTarget(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
      context.after(async () => {
        await target.close();
        server.close();
      });
      const connection = target.connect();
      await connection.open();
      await ended.promise;
      await turns(3);
      const { answer: seen, socket } = await exchangeOver(connection, 'r');
      assert.deepEqual([seen.ending.outcome, socket?.reused, connections], ['ok', false, 2]);
    });
  }
});

describe('a server that drops a used socket under a request', () => {
  test('fails that request, and from then on each request to it has a socket of its own, on every stream', async (context) => {
    const used = new Set<Socket>();
    const { server, target, connection } = await setUp(context, (socket) => {
      if (used.has(socket)) return void socket.destroy();
      used.add(socket);
      socket.write(answer);
    });
    const other = target.connect();
    const outcomes: string[] = [];
    for (const [over, id] of [
      [connection, 'kept'],
      [connection, 'dropped'],
      [connection, 'own'],
      [connection, 'own again'],
      [other, 'of another stream'],
      [other, 'of another stream, again'],
    ] as const) {
      const { answer: seen } = await exchangeOver(over, id);
      outcomes.push(
        seen.ending.detail === null ? seen.ending.outcome : `${seen.ending.outcome}: ${seen.ending.detail}`,
      );
    }
    assert.deepEqual(outcomes, ['ok', 'reset_before_headers: reused_socket', 'ok', 'ok', 'ok', 'ok']);
    assert.doesNotMatch(server.requests[0] ?? '', /connection: close/i);
    for (const request of server.requests.slice(2)) assert.match(request, /connection: close/i);
  });
});
