import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import type { Answer } from '../../lib/target/answer.ts';
import type { Connection, Target } from '../../lib/target/target.ts';
import { readAnswer, timeless } from './read-answer.ts';
import { httpChunk, lastChunk, type ScriptedServer, scriptedServer, streamHead } from './scripted-server.ts';
import { exchangeOver, socketTarget } from './socket-exchange.ts';
import { byteByByte, inOneWrite, type Replay, replayScript, splitAnywhere } from './socket-replay.ts';
import { type StreamFixture, streamFixtures } from './stream-fixture.ts';
import { delta, done, finish } from './told-stream.ts';

const splits = 12;
/** Bytes to an HTTP chunk where several are in one write: fewer than an event has. */
const chunkBytes = 97;
const framings = ['chunked', 'length'] as const;

/** Every way in which a fixture is put on the wire, by what it is called in a failure. */
function replaysOf(fixture: StreamFixture): (readonly [how: string, replay: Replay])[] {
  return [
    ...framings.map((framing) => [`whole in one write, ${framing}`, inOneWrite(fixture, framing)] as const),
    ['several HTTP chunks in one write', inOneWrite(fixture, 'chunked', chunkBytes)],
    ['byte by byte', byteByByte(fixture)],
    ...framings.flatMap((framing) =>
      Array.from({ length: splits }, (_, seed) => {
        const random = seededRandom(fixture.name, framing, seed);
        return [`split ${seed}, ${framing}`, splitAnywhere(fixture, framing, random)] as const;
      }),
    ),
  ];
}

suite('over real sockets a stream is the same answer however its bytes arrive', { concurrency: true }, () => {
  const replays = new Map<string, Replay>();
  let server: ScriptedServer;
  let target: Target;
  before(async () => {
    server = await scriptedServer(replayScript(replays));
    target = socketTarget(server.url);
  });
  after(async () => {
    await target.close();
    await server.close();
  });

  for (const fixture of streamFixtures) {
    test(`${fixture.name}: ${fixture.why}`, async () => {
      const ways = replaysOf(fixture).map(([how, replay]) => ({ how, id: `${fixture.name}: ${how}`, replay }));
      for (const { id, replay } of ways) replays.set(id, replay);
      const inMemory = timeless(readAnswer({ ...fixture, reads: [fixture.body] }));
      const check = async (connection: Connection, { how, id }: (typeof ways)[number]) => {
        const { answer } = await exchangeOver(connection, id);
        assert.deepEqual(namedOf(answer, fixture), { ...fixture.answer }, how);
        assert.deepEqual(timeless(answer), inMemory, how);
      };
      if (fixture.closing === 'clean') {
        const connection = target.connect();
        for (const way of ways) await check(connection, way);
      } else await Promise.all(ways.map((way) => check(target.connect(), way)));
    });
  }
});

test('megabytes written at once: every token is there, in its order', async (context) => {
  const counts = Array.from({ length: 20_000 }, (_, index) => index + 1);
  const events = counts.map((count) => delta({ content: 'a' }, { usage: { completion_tokens: count } }));
  const server = await scriptedServer((socket) => {
    socket.write(Buffer.concat([Buffer.from(streamHead), ...events.map(httpChunk), httpChunk(finish + done)]));
    socket.write(lastChunk);
  });
  const target = socketTarget(server.url);
  context.after(async () => {
    await target.close();
    await server.close();
  });
  const { answer } = await exchangeOver(target.connect(), 'r');
  assert.equal(answer.ending.outcome, 'ok');
  assert.deepEqual(answer.cumulativeTokens, counts);
  assert.equal(answer.malformedEvents, 0);
});

/** The fields that the fixture names. */
function namedOf(answer: Answer, { answer: expected }: StreamFixture): object {
  const seen: Record<string, unknown> = { ...answer, ...answer.ending, tokenEvents: answer.tokenEventUs.length };
  return Object.fromEntries(Object.keys(expected).map((field) => [field, seen[field]]));
}
