import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Answer } from '../../lib/target/answer.ts';
import { longestForeignText } from '../../lib/target/foreign-text.ts';
import { type Ending, outcomes } from '../../lib/timing/outcome.ts';
import { bytewise, readAnswer, timeless } from './read-answer.ts';
import { streamFixtures } from './stream-fixture.ts';

/** An answer as no sane endpoint sends it. */
export interface MangledStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly closing: 'clean' | Ending;
}

const closing = fc.constantFrom<'clean' | Ending>(
  'clean',
  { outcome: 'truncated', detail: 'ECONNRESET', message: 'read ECONNRESET' },
  { outcome: 'timeout', detail: 'idle', message: null },
);
const snippet = fc.constantFrom(
  ...[
    '\n',
    '\n\n',
    '\r',
    'data:',
    'event: error\n',
    '"',
    '\\',
    '{',
    ']',
    '\0',
    '\ufeff',
    '[DONE]',
    'null',
    '"content":"',
  ],
);
const insert = fc.oneof(
  snippet.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
);
const change = fc.record({ at: fc.nat(3000), drop: fc.nat(6), insert });

/** A fixture with a few bytes taken out or put in, cut short or not. */
const mutated = fc
  .record({
    fixture: fc.constantFrom(...streamFixtures),
    changes: fc.array(change, { maxLength: 4 }),
    length: fc.option(fc.nat(3000)),
    closing,
  })
  .map(({ fixture, changes, length, closing }): MangledStream => {
    const body = changes.reduce(
      (bytes, { at, drop, insert: bytesIn }) =>
        Buffer.concat([bytes.subarray(0, at), bytesIn, bytes.subarray(at + drop)]),
      fixture.body,
    );
    const { status, headers } = fixture;
    return { status, headers, body: length === null ? body : body.subarray(0, length), closing };
  });

const noise = fc.record({
  status: fc.constantFrom(200, 204, 302, 400, 429, 503),
  headers: fc.record(
    {
      'content-type': fc.constantFrom('text/event-stream', 'application/json', 'text/html', '', ';'),
      'content-encoding': fc.constantFrom('gzip', 'br', 'deflate', 'identity', 'zip'),
      'retry-after': fc.string(),
      location: fc.string(),
    },
    { requiredKeys: [] },
  ),
  body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  closing,
});

export const mangledStream: fc.Arbitrary<MangledStream> = fc.oneof({ weight: 5, arbitrary: mutated }, noise);

/** The answer to a mangled stream is a sound one, and the same however its bytes are cut. */
export function assertSound({ body, ...stream }: MangledStream): void {
  const whole = readAnswer({ ...stream, reads: [body] });
  assertSoundAnswer(whole);
  const cut = readAnswer({ ...stream, reads: bytewise(body) });
  assertSoundAnswer(cut);
  assert.deepEqual(timeless(cut), timeless(whole));
}

function assertSoundAnswer(answer: Answer): void {
  const { ending, tokenEventUs, cumulativeTokens } = answer;
  assert.ok(outcomes.includes(ending.outcome));
  if (ending.outcome === 'ok') assert.notEqual(answer.endUs, null);
  for (const text of [ending.detail, ending.message, answer.model, answer.endpointId, answer.finishReason]) {
    assert.ok(text === null || (text.length <= longestForeignText && !/[\p{Cc}\p{Cs}\u202e]/u.test(text)));
  }
  assert.deepEqual(
    tokenEventUs,
    tokenEventUs.toSorted((a, b) => a - b),
  );
  assert.ok(answer.tokenReads <= tokenEventUs.length && tokenEventUs.length <= answer.events);
  assert.ok(answer.malformedEvents <= answer.events && answer.coalescedEvents <= Math.max(0, answer.events - 1));
  assert.ok(cumulativeTokens === null || cumulativeTokens.length === tokenEventUs.length);
  assert.ok(answer.streamed || (tokenEventUs.length === 0 && answer.events === 0));
}
