import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { longestEvent } from '../../lib/stream/sse.ts';
import type { Answer } from '../../lib/target/answer.ts';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { longestBody } from '../../lib/target/content-encoding.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import { assertSound, mangledStream } from './mangled-streams.ts';
import { readAnswer } from './read-answer.ts';

const eventStream = { 'content-type': 'text/event-stream' };
const json = { 'content-type': 'application/json' };
const mebibyte = 1024 * 1024;
const done = Buffer.from('data: [DONE]\n\n');
const token = '{"choices":[{"delta":{"content":"x"}}]}';

function* repeated(part: Buffer, times: number): Generator<Uint8Array> {
  for (let count = 0; count < times; count++) yield part;
}

function answerTo(reads: Iterable<Uint8Array>, headers: Record<string, string> = eventStream): Answer {
  return readAnswer({ status: 200, headers, closing: 'clean', reads });
}

test('mangled streams and noise become sound answers', () => {
  fc.assert(fc.property(mangledStream, assertSound), { numRuns: 1500 });
});

suite('streams without measure become answers', () => {
  test('a million tiny events', () => {
    const events = Buffer.from(`data:${token}\n\n`.repeat(1000));
    const answer = answerTo([...repeated(events, 1000), done]);
    assert.deepEqual([answer.ending.outcome, answer.tokenEventUs.length, answer.tokenReads], ['ok', 1_000_000, 1000]);
  });

  test('one event of ten megabytes, in small reads', () => {
    const reads = function* () {
      yield Buffer.from(token.replace('x"}}]}', '').replace(/^/, 'data: '));
      yield* repeated(Buffer.alloc(65_536, 'y'), 160);
      yield Buffer.from('"}}]}\n\n');
      yield done;
    };
    const answer = answerTo(reads());
    assert.deepEqual([answer.ending.outcome, answer.tokenEventUs.length], ['ok', 1]);
  });

  test('an event beyond the limit is malformed, and the answer goes on', () => {
    const part = Buffer.alloc(mebibyte, 'y');
    const times = longestEvent / mebibyte + 1;
    const reads = [Buffer.from('data: '), ...repeated(part, times), Buffer.from(`\n\ndata: ${token}\n\n`), done];
    const answer = answerTo(reads);
    assert.deepEqual([answer.ending.outcome, answer.malformedEvents, answer.tokenEventUs.length], ['ok', 1, 1]);
  });

  test('an endless line is an answer cut short', () => {
    assert.equal(answerTo(repeated(Buffer.alloc(mebibyte, 'x'), 40)).ending.outcome, 'truncated');
  });

  test('lists in one another, a hundred thousand deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const streamed = answerTo([
      Buffer.from(`data: {"choices":[{"delta":{"content":${deep}}}]}\n\ndata: ${deep}\n\n`),
      done,
    ]);
    assert.deepEqual([streamed.ending.outcome, streamed.malformedEvents], ['ok', 1]);
    assert.equal(answerTo([Buffer.from(`{"error":{"message":${deep}}}`)], json).ending.outcome, 'stream_error');
  });

  test('JSON longer than any answer', () => {
    const reads = [Buffer.from('{"a":"'), ...repeated(Buffer.alloc(mebibyte, 'x'), longestBody / mebibyte)];
    const { ending } = answerTo(reads, json);
    assert.deepEqual([ending.outcome, ending.message], ['unknown', 'the answer is longer than 16 MiB']);
  });

  test('a page without end is quoted, not kept', () => {
    const before = process.memoryUsage().arrayBuffers;
    const page = function* () {
      for (let count = 0; count < 100; count++) yield Buffer.alloc(mebibyte, 'x');
    };
    const { ending } = answerTo(page(), { 'content-type': 'text/html' });
    assert.deepEqual([ending.outcome, ending.message], ['bad_content_type', 'x'.repeat(200)]);
    assert.ok(process.memoryUsage().arrayBuffers - before < 80 * mebibyte);
  });

  test('bytes that nobody parses are parsed before they fill the memory', () => {
    const reader = answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => 0 });
    reader.headers(0, 200, eventStream);
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 200; count++)
      reader.chunk(count, Buffer.alloc(mebibyte, `:${' '.repeat(1000)}\n`), false);
    assert.ok(process.memoryUsage().arrayBuffers - before < 100 * mebibyte);
  });
});
