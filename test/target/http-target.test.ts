import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Exchange, type Exchanged } from '../../lib/load/exchange.ts';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { httpTarget } from '../../lib/target/http-target.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import type { Connection, Target } from '../../lib/target/target.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { idleQueue } from '../../lib/timing/idle-queue.ts';
import { readTick } from '../../lib/timing/tick.ts';
import { done, httpChunk, lastChunk, type Script, scriptedServer, streamHead, word } from './scripted-server.ts';

const clock = systemClock();
const idle = idleQueue(clock);
const tick = readTick();
const deadlines = { connectMs: 2000, firstTokenMs: 2000, idleMs: 2000, totalMs: 4000 };

function send(connection: Connection, over: Partial<typeof deadlines> = {}): Promise<Exchanged> {
  const reader = answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: clock.nowEpochMs });
  const body = openaiChat.body({
    model: 'm',
    prompt: 'hi',
    stream: true,
    maxOutputTokens: 2,
    exactly: false,
    usageInStream: true,
    parameters: {},
  });
  const request = { id: 'r', headers: { 'content-type': 'application/json' }, body };
  return new Exchange({ connection, request, reader, clock, idle, deadlines: { ...deadlines, ...over } }).done;
}

async function against<T>(
  script: Script,
  use: (target: Target, server: Awaited<ReturnType<typeof scriptedServer>>) => Promise<T>,
): Promise<T> {
  const server = await scriptedServer(script);
  const target = httpTarget({ url: server.url, clock, tick });
  try {
    return await use(target, server);
  } finally {
    await target.close();
    await server.close();
  }
}

const pause = (ms: number) => clock.sleepUntil(clock.nowUs() + ms * 1000);

const plainAnswer: Script = (socket) => {
  socket.write(streamHead);
  for (const part of [word('a'), word('b'), done]) socket.write(httpChunk(part));
  socket.write(lastChunk);
};

describe('a request over a real socket', () => {
  test('its stamps rise: sent, headers, first token, last token, end', () =>
    against(
      async (socket) => {
        await pause(40);
        socket.write(streamHead);
        await pause(40);
        socket.write(httpChunk(word('a')));
        await pause(60);
        socket.write(httpChunk(word('b')));
        await pause(40);
        socket.write(httpChunk(done) + lastChunk);
      },
      async (target) => {
        const { answer, sentUs } = await send(target.connect());
        assert.equal(answer.ending.outcome, 'ok');
        const stamps = [sentUs, answer.headersUs, answer.firstTokenUs, answer.lastTokenUs, answer.endUs].map(
          (us) => us ?? Number.NaN,
        );
        for (const [index, least] of [40, 40, 60, 40].entries()) {
          const gapMs = ((stamps[index + 1] ?? 0) - (stamps[index] ?? 0)) / 1000;
          assert.ok(gapMs > least / 2 && gapMs < least + 1000, `gap ${index}: ${gapMs} ms, about ${least}`);
        }
        assert.equal(answer.streamedTokens, 2);
      },
    ));

  test('several HTTP chunks in one write share one stamp and are marked coalesced', () =>
    against(
      (socket) => {
        socket.write(
          Buffer.concat([
            Buffer.from(streamHead),
            httpChunk(word('a')),
            httpChunk(word('b')),
            httpChunk(done),
            Buffer.from(lastChunk),
          ]),
        );
      },
      async (target) => {
        const { answer } = await send(target.connect());
        assert.equal(answer.ending.outcome, 'ok');
        assert.equal(answer.tokenReads, 1);
        assert.equal(answer.firstTokenUs, answer.lastTokenUs);
        assert.ok(answer.coalescedEvents >= 3);
      },
    ));

  test('the socket is opened ahead, timed, used again, and never shared with another stream', () =>
    against(plainAnswer, async (target, server) => {
      const [first, second] = [target.connect(), target.connect()];
      await Promise.all([first.open(), second.open()]);
      const answers = [await send(first), await send(first), await send(second)];
      assert.deepEqual(
        answers.map(({ socket }) => socket?.reused),
        [false, true, false],
      );
      assert.equal(server.connections(), 2);
      assert.equal(target.socketsOpened(), 2);
      const [opened] = answers;
      assert.ok((opened?.socket?.openedUs ?? 0) < (opened?.sentUs ?? 0));
      assert.equal(opened?.socket?.remoteAddress, '127.0.0.1');
      assert.equal(opened?.socket?.protocol, 'http/1.1');
      assert.equal(opened?.socket?.tlsMs, null);
    }));

  test('a server that closes after each answer gets a new socket each time', () =>
    against(
      (socket) => {
        socket.end(
          streamHead.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n') +
            httpChunk(word('a')) +
            httpChunk(done) +
            lastChunk,
        );
      },
      async (target) => {
        const connection = target.connect();
        for (const expected of [false, false, false]) {
          const { answer, socket } = await send(connection);
          assert.equal(answer.ending.outcome, 'ok');
          assert.equal(socket?.reused, expected);
        }
        assert.equal(target.socketsOpened(), 3);
      },
    ));

  test('where private addresses are not allowed, none is connected to, and the answer says how to allow it', () =>
    against(
      () => undefined,
      async (_, server) => {
        const target = httpTarget({ url: server.url, clock, tick, privateAddresses: false });
        const { answer } = await send(target.connect());
        await target.close();
        assert.deepEqual([answer.ending.outcome, answer.ending.detail], ['connect_error', 'EADDRREFUSED']);
        assert.match(answer.ending.message ?? '', /127\.0\.0\.1 is no public address.*"privateAddresses": true/);
        assert.equal(server.connections(), 0);
      },
    ));

  test('what goes over the wire: a POST of JSON, no gzip asked for', () =>
    against(plainAnswer, async (target, server) => {
      await send(target.connect());
      assert.match(server.requests[0] ?? '', /^POST \/v1\/chat\/completions HTTP\/1\.1\r\n/);
      assert.doesNotMatch(server.requests[0] ?? '', /accept-encoding: .*gzip/i);
    }));
});

/** What a server does on the wire, and what the request's outcome is then. */
const endings: readonly {
  why: string;
  script: Script;
  outcome: string;
  detail?: RegExp;
  message?: RegExp;
  over?: Partial<typeof deadlines>;
}[] = [
  {
    why: 'hangs up before any byte',
    script: (socket) => void socket.destroy(),
    outcome: 'reset_before_headers',
    detail: /new_socket/,
  },
  {
    why: 'resets before headers',
    script: (socket) => void socket.resetAndDestroy(),
    outcome: 'reset_before_headers',
    detail: /new_socket/,
  },
  {
    why: 'hangs up in mid-stream',
    script: (socket) => {
      socket.write(streamHead);
      socket.end(httpChunk(word('a')));
    },
    outcome: 'truncated',
  },
  {
    why: 'ends the body cleanly without an end of the answer',
    script: (socket) => {
      socket.write(streamHead + httpChunk(word('a')) + lastChunk);
    },
    outcome: 'truncated',
  },
  {
    why: 'speaks no HTTP',
    script: (socket) => {
      socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    },
    outcome: 'unknown',
    detail: /^not_http$/,
    message: /^the answer is no HTTP: /,
  },
  {
    why: 'sends more headers than anyone should',
    script: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`);
    },
    outcome: 'unknown',
  },
  {
    why: 'redirects: not followed, the place is told',
    script: (socket) => {
      socket.write(
        'HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/elsewhere\r\ncontent-length: 0\r\n\r\n',
      );
    },
    outcome: 'http_error',
    message: /127\.0\.0\.1:1/,
  },
  {
    why: 'answers with gzip that nobody asked for',
    script: (socket) => {
      const body = gzipSync(word('a') + word('b') + done);
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      socket.write(body);
    },
    outcome: 'ok',
  },
  {
    why: 'gives early hints first',
    script: (socket) => {
      socket.write(
        `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${streamHead}${httpChunk(word('a'))}${httpChunk(done)}${lastChunk}`,
      );
    },
    outcome: 'ok',
  },
  {
    why: 'never answers',
    script: () => undefined,
    outcome: 'timeout',
    detail: /first_token/,
    over: { firstTokenMs: 150 },
  },
  {
    why: 'falls silent in mid-stream',
    script: (socket) => {
      socket.write(streamHead + httpChunk(word('a')));
    },
    outcome: 'timeout',
    detail: /idle/,
    over: { idleMs: 150 },
  },
];

describe('what a server does on the wire becomes an outcome', () => {
  for (const { why, script, outcome, detail, message, over } of endings) {
    test(why, () =>
      against(script, async (target) => {
        const { answer } = await send(target.connect(), over);
        assert.equal(answer.ending.outcome, outcome, JSON.stringify(answer.ending));
        if (detail) assert.match(answer.ending.detail ?? '', detail);
        if (message) assert.match(answer.ending.message ?? '', message);
      }),
    );
  }

  test('a reset on a socket that was used before says so', () =>
    against(
      (socket, request, ordinal) => (ordinal === 0 ? plainAnswer(socket, request, ordinal) : void socket.destroy()),
      async (target) => {
        const connection = target.connect();
        await send(connection);
        const { answer } = await send(connection);
        assert.deepEqual([answer.ending.outcome, answer.ending.detail], ['reset_before_headers', 'reused_socket']);
      },
    ));

  test('nobody listens: connect_error with the code, nothing was sent', async () => {
    const server = await scriptedServer(() => undefined);
    await server.close();
    const target = httpTarget({ url: server.url, clock, tick });
    const { answer, sentUs, settledUs } = await send(target.connect());
    await target.close();
    assert.deepEqual([answer.ending.outcome, answer.ending.detail], ['connect_error', 'ECONNREFUSED']);
    assert.deepEqual([sentUs, settledUs], [null, null]);
  });

  const refused = [
    { url: 'http://169.254.169.254/latest', why: "a cloud's metadata" },
    { url: 'http://[fe80::1]/v1', why: 'a link-local address' },
    { url: 'http://[::ffff:169.254.169.254]/v1', why: 'the same, mapped into IPv6' },
    { url: 'http://2852039166/v1', why: 'the same, as one number' },
  ];
  for (const { url, why } of refused) {
    test(`${why} is never connected to`, async () => {
      const target = httpTarget({ url, clock, tick });
      const { answer } = await send(target.connect());
      await target.close();
      assert.deepEqual([answer.ending.outcome, answer.ending.detail], ['connect_error', 'EADDRREFUSED']);
    });
  }

  test('an answer whose connection stays open ends at its end; the socket is given up after 100 ms', () =>
    against(
      (socket) => {
        socket.write(streamHead + httpChunk(word('a')) + httpChunk(done));
      },
      async (target) => {
        const { answer, freeUs, settledUs } = await send(target.connect());
        assert.equal(answer.ending.outcome, 'ok');
        assert.equal(settledUs, answer.endUs);
        assert.equal(freeUs - (answer.endUs ?? 0), 100_000);
      },
    ));
});
