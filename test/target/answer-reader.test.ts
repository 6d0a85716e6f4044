import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AnswerReader } from '../../lib/target/answer-reader.ts';
import { type Ending, okEnding } from '../../lib/timing/outcome.ts';
import { done, eventStream, finish, frame, newReader, only, role, streamOf, text } from './told-stream.ts';

const reset: Ending = { outcome: 'truncated', detail: 'ECONNRESET', message: 'read ECONNRESET' };
const idle: Ending = { outcome: 'timeout', detail: 'idle', message: null };
const stopped: Ending = { outcome: 'cancelled', detail: null, message: null };
suite('what the load can ask while the answer comes', () => {
  test('firstTokenSeen, terminal and endUs follow what was parsed', () => {
    const reader = newReader();
    const state = () => [reader.firstTokenSeen, reader.terminal, reader.endUs, reader.lastByteUs];
    reader.headers(100, 200, eventStream);
    assert.deepEqual(state(), [false, false, null, null]);
    reader.chunk(200, Buffer.from(role), false);
    reader.parse();
    assert.deepEqual(state(), [false, false, null, 200]);
    reader.chunk(300, Buffer.from(text('a')), false);
    assert.deepEqual(state(), [false, false, null, 300], 'a chunk is only stored');
    reader.parse();
    assert.deepEqual(state(), [true, false, null, 300]);
    reader.chunk(400, Buffer.from(finish), false);
    reader.parse();
    assert.deepEqual(state(), [true, false, null, 400], 'a finish reason is not terminal');
    reader.chunk(500, Buffer.from(done), false);
    reader.parse();
    assert.deepEqual(state(), [true, true, 500, 500]);
    reader.chunk(600, Buffer.from(': keep-alive\n\n'), false);
    assert.deepEqual(state(), [true, true, 500, 600], 'bytes after the end still prove the link alive');
  });

  test('an error in the stream is terminal', () => {
    const reader = newReader();
    reader.headers(100, 200, eventStream);
    reader.chunk(200, Buffer.from(frame({ error: { message: 'no' } })), false);
    reader.parse();
    assert.equal(reader.terminal, true);
  });

  const expectations: readonly (readonly [
    why: string,
    asked: boolean,
    status: number,
    body: string,
    expected: boolean,
  ])[] = [
    ['nothing has come', true, 200, '', true],
    ['an event stream', true, 200, role, true],
    ['none was asked for', false, 200, '', false],
    ['JSON instead', true, 200, '{"id"', false],
    ['an error status', true, 500, '', false],
  ];
  for (const [why, streamAsked, status, body, expected] of expectations) {
    test(`streamExpected is ${expected}: ${why}`, () => {
      const reader = newReader({ streamAsked });
      reader.headers(100, status, {});
      reader.chunk(200, Buffer.from(body), false);
      reader.parse();
      assert.equal(reader.streamExpected, expected);
    });
  }
});

suite('how an answer ends', () => {
  const closings: readonly (readonly [why: string, close: (reader: AnswerReader) => void, ending: Ending])[] = [
    ['a failure in mid-stream is what the transport says', (reader) => reader.failed(900, reset), reset],
    ['a deadline in mid-stream is a timeout', (reader) => reader.cut(idle), idle],
    ['a stop in mid-stream is cancelled', (reader) => reader.cut(stopped), stopped],
  ];
  for (const [why, close, ending] of closings) {
    test(why, () => {
      const reader = newReader();
      reader.headers(100, 200, eventStream);
      reader.chunk(200, Buffer.from(text('a')), false);
      close(reader);
      assert.deepEqual(only(reader.result(), { ending, endUs: null }), { ending, endUs: null });
      assert.equal(reader.result().lastTokenUs, 200, 'partial timings stay');
    });
    test(`${why}; not after [DONE], parsed or not`, () => {
      const reader = newReader();
      reader.headers(100, 200, eventStream);
      reader.chunk(200, Buffer.from(text('a') + done), false);
      close(reader);
      assert.deepEqual(only(reader.result(), { ending: okEnding, endUs: 200 }), { ending: okEnding, endUs: 200 });
    });
    test(`${why}; before headers too`, () => {
      const reader = newReader();
      close(reader);
      assert.deepEqual(reader.result().ending, ending);
      assert.equal(reader.result().httpStatus, null);
    });
  }

  test('usage without output tokens proves no end', () => {
    const prompt = frame({ choices: [], usage: { prompt_tokens: 5 } });
    assert.equal(streamOf([[200, text('a') + prompt]]).ending.outcome, 'truncated');
  });

  test('a page that never came is what became of the connection', () => {
    const reader = newReader();
    reader.headers(100, 200, { 'content-type': 'text/html' });
    reader.cut(idle);
    assert.deepEqual(reader.result().ending, idle);
  });

  test('only the first end counts', () => {
    const reader = newReader();
    reader.headers(100, 200, eventStream);
    reader.chunk(200, Buffer.from(text('a') + finish), false);
    reader.ended(300);
    reader.failed(400, reset);
    reader.cut(stopped);
    reader.chunk(500, Buffer.from(text('b')), false);
    assert.deepEqual([reader.result().ending, reader.endUs, reader.result().tokenEventUs], [okEnding, 300, [200]]);
  });

  test('a reader that was told of no end is unknown, never ok', () => {
    assert.equal(newReader().result().ending.outcome, 'unknown');
  });

  test('the secret is taken out before words are cut, so that no part of it stays', () => {
    const secret = 'sk-1234567890';
    const reader = newReader({ scrub: (words) => words.replaceAll(secret, '***') });
    reader.headers(100, 401, { 'content-type': 'application/json' });
    const message = `${'x'.repeat(195)}${secret}`;
    reader.chunk(200, Buffer.from(JSON.stringify({ error: { message, type: secret } })), false);
    reader.ended(300);
    const { ending } = reader.result();
    assert.deepEqual(ending, { outcome: 'http_error', detail: '***', message: `${'x'.repeat(195)}***` });
  });
});
