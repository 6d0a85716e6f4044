import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { heard } from './heard.ts';

/** Both parsers end here: the other one tells neither a waiting event nor one behind a last CR. */
const end = '\n\n: over\n';

/** By another parser: bytes are decoded in a stream first, and cut into lines afterwards. */
function heardByOracle(reads: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ event, data }) => lines.push(`${event ?? 'message'}|${data}`),
    onComment: () => lines.push('comment'),
  });
  for (const read of reads) parser.feed(decoder.decode(read, { stream: true }));
  return lines;
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r');
const name = fc.constantFrom(
  'data:',
  'data: ',
  'data',
  'event: ',
  'event:',
  'id: ',
  'retry: ',
  ':',
  'x: ',
  ' data:',
  '',
);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed()),
  fc.constantFrom('{"choices":[]}', '[DONE]', 'é', '🎉', '\ufeff', ' '),
);
const line = fc.tuple(name, value, lineEnd).map((parts) => parts.join(''));
const stream = fc.array(line, { maxLength: 30 }).map((lines) => Buffer.from(lines.join('') + end));
const cuts = fc.array(fc.nat(400), { maxLength: 10 });

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const inside = places.filter((place) => place < bytes.length).toSorted((a, b) => a - b);
  return [...inside, bytes.length].map((place, index) => bytes.subarray(inside[index - 1] ?? 0, place));
}

test('random streams are read as eventsource-parser reads them', () => {
  fc.assert(
    fc.property(stream, cuts, (bytes, places) => {
      const reads = cutAt(bytes, places);
      assert.deepEqual(heard(reads), heardByOracle(reads));
    }),
    { numRuns: 1500 },
  );
});

test('random bytes are read as eventsource-parser reads them', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.concat([array, Buffer.from(end)]));
  fc.assert(
    fc.property(bytes, (body) => assert.deepEqual(heard([body]), heardByOracle([body]))),
    { numRuns: 500 },
  );
});
