import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sseParser } from '../../lib/stream/sse.ts';
import type { Answer } from '../../lib/target/answer.ts';
import { AnswerTally } from '../../lib/target/answer-tally.ts';
import type { Signal } from '../../lib/target/dialect.ts';
import { eventReader } from '../../lib/target/event-reader.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import { bytewise, readAnswer, timeless } from './read-answer.ts';
import { isTerminal, signalText } from './signal-text.ts';
import { type StreamFixture, streamFixtures } from './stream-fixture.ts';

suite('streams as endpoints send them', () => {
  for (const fixture of streamFixtures) {
    suite(`${fixture.name}: ${fixture.why}`, () => {
      test('means these signals', () => assert.deepEqual(signalsOf(fixture), fixture.signals));
      test('is this answer', () => assertExpected(answerOf(fixture, [fixture.body]), fixture));
      test('is the same answer byte by byte', () => {
        assert.deepEqual(timeless(answerOf(fixture, bytewise(fixture.body))), wholeAnswer(fixture));
      });
      test('is the same answer cut at any byte', () => {
        const whole = JSON.stringify(wholeAnswer(fixture));
        for (let at = 1; at < fixture.body.length; at++) {
          const halves = [fixture.body.subarray(0, at), fixture.body.subarray(at)];
          assert.equal(JSON.stringify(timeless(answerOf(fixture, halves))), whole, `cut after ${at} bytes`);
        }
      });
    });
  }

  test('events that repeat the one before are read as if each were parsed', () => {
    for (const fixture of streamFixtures.filter(({ signals }) => signals.length > 1)) {
      assert.deepEqual(recorded(fixture), signalsOf(fixture).filter(isRecorded), fixture.name);
    }
  });
});

function answerOf({ status, headers, closing }: StreamFixture, reads: Iterable<Uint8Array>): Answer {
  return readAnswer({ status, headers, closing, reads });
}

function wholeAnswer(fixture: StreamFixture): object {
  return timeless(answerOf(fixture, [fixture.body]));
}

function assertExpected(answer: Answer, { answer: expected }: StreamFixture): void {
  const { ending, tokenEventUs, ...rest } = answer;
  const actual: Record<string, unknown> = { ...rest, ...ending, tokenEvents: tokenEventUs.length };
  const compared = Object.fromEntries(Object.keys(expected).map((field) => [field, actual[field]]));
  assert.deepEqual(compared, { ...expected });
}

function plainBody({ headers, body }: StreamFixture): Buffer {
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** By framing and dialect alone, every event parsed, up to the terminal one. */
function signalsOf(fixture: StreamFixture): string[] {
  if (fixture.status !== 200 || fixture.signals.length === 0) return [];
  const body = plainBody(fixture);
  if (!fixture.answer['streamed']) return [signalText(openaiChat.readWhole(body.toString()))];
  const lines: string[] = [];
  let over = false;
  const read = (type: string, data: string) => {
    const signals = openaiChat.read({ type, data });
    if (over || (data === '' && signals.length === 0)) return;
    lines.push(signalText(signals));
    over = isTerminal(signals);
  };
  const parser = sseParser({ event: read, unterminated: read, oversized: () => assert.fail('oversized') });
  parser.push(body);
  parser.end();
  return lines;
}

/** What reaches the tally by the reader's own way. */
function recorded(fixture: StreamFixture): string[] {
  const lines: string[] = [];
  class Recording extends AnswerTally {
    override event(signals: readonly Signal[], place: { atUs: number; read: number }): void {
      lines.push(signalText(signals));
      super.event(signals, place);
    }
  }
  const events = eventReader(openaiChat, new Recording());
  events.push(plainBody(fixture), { atUs: 0, read: 0 });
  events.end();
  return lines.filter(isRecorded);
}

/** Half an event at the end is malformed to the dialect, and no event to the reader. */
function isRecorded(line: string): boolean {
  return line !== 'malformed';
}
