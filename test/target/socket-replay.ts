import type { SeededRandom } from '../../lib/plan/seeded-random.ts';
import { httpChunk, lastChunk, type Script } from './scripted-server.ts';
import type { StreamFixture } from './stream-fixture.ts';

/** One answer as a server puts it on the wire. */
export interface Replay {
  readonly writes: readonly Buffer[];
  /** A turn of the event loop after each write, in which the client can read it. */
  readonly paced: boolean;
  /** The connection is reset after the last write. */
  readonly resets: boolean;
}

/** How the end of a body is told: by its last chunk, or by the length in the head. */
export type Framing = 'chunked' | 'length';

/** Head and all in one write; `chunkBytes` bytes to an HTTP chunk, all of the body unless told. */
export function inOneWrite(fixture: StreamFixture, framing: Framing, chunkBytes = fixture.body.length): Replay {
  const chunks = framing === 'length' ? [fixture.body] : cut(fixture.body, every(chunkBytes, fixture.body.length));
  return replay(fixture, [Buffer.concat(wire(fixture, framing, chunks))]);
}

/** Each byte of the body is an HTTP chunk and a write. */
export function byteByByte(fixture: StreamFixture): Replay {
  const chunks = cut(fixture.body, every(1, fixture.body.length));
  return { ...replay(fixture, wire(fixture, 'chunked', chunks)), paced: true };
}

/** HTTP chunks end anywhere in the body, and writes anywhere on the wire: in the head, in a chunk's length. */
export function splitAnywhere(fixture: StreamFixture, framing: Framing, random: SeededRandom): Replay {
  const chunks = framing === 'length' ? [fixture.body] : cut(fixture.body, placesIn(fixture.body, random));
  const bytes = Buffer.concat(wire(fixture, framing, chunks));
  return { ...replay(fixture, cut(bytes, placesIn(bytes, random))), paced: true };
}

/** A server that plays, for each request, the replay that stands under its id. */
export function replayScript(replays: ReadonlyMap<string, Replay>): Script {
  return async (socket, request) => {
    const asked = replays.get(/^x-request-id: (.+)\r$/m.exec(request)?.[1] ?? '');
    if (asked === undefined) throw new Error(`there is no replay for ${request}`);
    for (const bytes of asked.writes) {
      socket.write(bytes);
      if (asked.paced) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (asked.resets) socket.resetAndDestroy();
  };
}

function replay({ closing }: StreamFixture, writes: readonly Buffer[]): Replay {
  return { writes, paced: false, resets: closing !== 'clean' && closing.outcome !== 'timeout' };
}

/** The bytes on the wire, part by part. A body that is not to end cleanly lacks its end. */
function wire(fixture: StreamFixture, framing: Framing, chunks: readonly Buffer[]): Buffer[] {
  const { status, headers, body, closing } = fixture;
  const clean = closing === 'clean';
  const end = framing === 'chunked' ? { 'transfer-encoding': 'chunked' } : lengthOf(body.length + (clean ? 0 : 1));
  const lines = Object.entries({ ...headers, ...end }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`HTTP/1.1 ${status} As Recorded\r\n${lines.join('')}\r\n`);
  if (framing === 'length') return [head, ...chunks];
  const some = chunks.filter(({ length }) => length > 0).map(httpChunk);
  return clean ? [head, ...some, Buffer.from(lastChunk)] : [head, ...some];
}

const lengthOf = (bytes: number) => ({ 'content-length': String(bytes) });

/** Places after each `step` bytes. */
function every(step: number, length: number): number[] {
  return Array.from(
    { length: Math.max(0, Math.ceil(length / Math.max(1, step)) - 1) },
    (_, index) => (index + 1) * step,
  );
}

/** One to six places. */
function placesIn({ length }: Buffer, random: SeededRandom): number[] {
  return Array.from({ length: 1 + Math.floor(random() * 6) }, () => Math.floor(random() * (length + 1)));
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
