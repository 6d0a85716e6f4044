import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { done, word } from './scripted-server.ts';
import { selfSigned } from './self-signed.ts';
import { exchangeOver, socketTarget } from './socket-exchange.ts';

const certificate = selfSigned('localhost');
const newHttpsServer = (signed = certificate) =>
  createHttpsServer(signed, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(word('a') + done);
  });

/** Listens on this machine until the test is over. */
async function listening(context: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function ending(context: TestContext, port: number, deadlines = {}) {
  const target = socketTarget(`https://localhost:${port}/v1`);
  context.after(() => target.close());
  const { answer, sentUs, socket } = await exchangeOver(target.connect(), 'r', deadlines);
  assert.deepEqual([sentUs, socket], [null, null], 'nothing was sent');
  return `${answer.ending.outcome}: ${answer.ending.detail}`;
}

const servers: readonly (readonly [why: string, server: () => Server, ending: RegExp])[] = [
  ['signed by nobody we trust', newHttpsServer, /^connect_error: DEPTH_ZERO_SELF_SIGNED_CERT$/],
  [
    'that speaks no TLS',
    () => createServer((socket) => void socket.write('HTTP/1.1 400 No\r\n\r\n')),
    /^connect_error: ERR_SSL_/,
  ],
  [
    'that hangs up in the handshake',
    () => createServer((socket) => void socket.destroy()),
    /^connect_error: ECONNRESET$/,
  ],
  [
    'that speaks HTTP/2 alone',
    () => createTlsServer({ ...certificate, ALPNProtocols: ['h2'] }),
    /^connect_error: ERR_SSL_.*NO_APPLICATION_PROTOCOL$/,
  ],
];

describe('over TLS a failed handshake is a connect_error with its code: a server', () => {
  for (const [why, newServer, expected] of servers) {
    test(why, async (context) => {
      assert.match(await ending(context, await listening(context, newServer())), expected);
    });
  }
});

test('a handshake that is not done by the connect deadline is given up, and the next request gets a new socket', {
  timeout: 10_000,
}, async (context) => {
  const hung = Promise.withResolvers<void>();
  const https = newHttpsServer();
  let connections = 0;
  const port = await listening(
    context,
    createServer((socket) => {
      connections += 1;
      if (connections > 1) https.emit('connection', socket);
      else socket.resume().once('close', hung.resolve);
    }),
  );
  const target = socketTarget(`https://localhost:${port}/v1`);
  context.after(() => target.close());
  const connection = target.connect();
  const first = await exchangeOver(connection, 'r', { connectMs: 50 });
  assert.deepEqual([first.answer.ending.outcome, first.answer.ending.detail], ['timeout', 'connect']);
  await hung.promise;
  const second = await exchangeOver(connection, 'r', { connectMs: 5000 });
  assert.equal(second.answer.ending.detail, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  assert.equal(connections, 2);
});

test('with NODE_EXTRA_CA_CERTS a certificate is trusted, for its own name or address alone', async (context) => {
  const byAddress = selfSigned('127.0.0.1');
  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'certificates.pem');
  await writeFile(file, certificate.cert + byAddress.cert);
  const named = await listening(context, newHttpsServer());
  const addressed = await listening(context, newHttpsServer(byAddress));
  const origins = [`localhost:${named}`, `127.0.0.1:${addressed}`, `127.0.0.1:${named}`, `localhost:${addressed}`];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'tls-client.ts'), ...origins.map((origin) => `https://${origin}/v1`)],
    { env: { NODE_EXTRA_CA_CERTS: file }, timeout: 20_000 },
  );
  const seen = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [one, other, ...wrong] = seen.map(({ ending }) => [ending.outcome, ending.detail]);
  assert.deepEqual([one, other], [ok, ok]);
  assert.deepEqual(wrong, [wrongName, wrongName]);
  for (const { socket } of seen.slice(0, 2)) {
    assert.equal(socket.protocol, 'http/1.1');
    assert.ok(socket.tcpMs > 0 && socket.tlsMs > 0, stdout);
  }
});

const ok = ['ok', null];
const wrongName = ['connect_error', 'ERR_TLS_CERT_ALTNAME_INVALID'];
