import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Exchanged } from '../../lib/load/exchange.ts';
import type { Answer } from '../../lib/target/answer.ts';
import type { SocketFacts } from '../../lib/target/target.ts';
import { findingOf, type ProbeAttempt } from '../../lib/worker/finding-of.ts';
import { done, finish, newReader, reasoning, role, streamOf, text, usage } from '../target/told-stream.ts';

const socket: SocketFacts = {
  reused: false,
  openedUs: 0,
  tcpMs: 12,
  tlsMs: 34,
  protocol: 'http/1.1',
  remoteAddress: '192.0.2.1',
};

function attempt(answer: Answer, values: Partial<Exchanged> = {}): ProbeAttempt {
  return { words: 10, exchanged: { sentUs: 0, settledUs: 900, freeUs: 900, socket, answer, ...values } };
}

const answered = (...events: string[]) => streamOf(events.map((body, index) => [200 + index * 100, body] as const));
const plain = answered(role, text('a'), text('b'), finish, usage(2), done);

function failed(): Answer {
  const reader = newReader();
  reader.failed(500, { outcome: 'connect_error', detail: 'ECONNREFUSED', message: 'nobody' });
  return reader.result();
}

describe('reasoning', () => {
  const cases = [
    { why: 'no such token, and the usage counts none', answer: plain, is: 'none' },
    {
      why: 'its tokens stream',
      answer: answered(role, reasoning('hm'), text('a'), finish, usage(2), done),
      is: 'visible',
    },
    {
      why: 'its tokens stream and are counted',
      answer: answered(reasoning('hm'), text('a'), usage(9, 8)),
      is: 'visible',
    },
    { why: 'counted, never streamed', answer: answered(role, text('a'), finish, usage(9, 8), done), is: 'hidden' },
    { why: 'nothing is counted, so it could be hidden', answer: answered(text('a'), finish, done), is: null },
    { why: 'no answer', answer: failed(), is: null },
  ];
  for (const { why, answer, is } of cases) {
    test(`${is}: ${why}`, () => assert.equal(findingOf([attempt(answer)], true).reasoning, is));
  }
  test('one answer that reasons is enough, whatever the others do', () => {
    const thinking = answered(role, text('a'), finish, usage(9, 8), done);
    assert.equal(
      findingOf(
        [thinking, plain].map((answer) => attempt(answer)),
        true,
      ).reasoning,
      'hidden',
    );
  });
});

describe('connecting', () => {
  test('its times are those of the socket of the last answer', () => {
    const { tcpMs, tlsMs } = findingOf([attempt(plain)], true);
    assert.deepEqual({ tcpMs, tlsMs }, { tcpMs: 12, tlsMs: 34 });
  });
  test('no socket: no times', () => {
    const { tcpMs, tlsMs, remoteAddress } = findingOf([attempt(failed(), { socket: null, sentUs: null })], true);
    assert.deepEqual({ tcpMs, tlsMs, remoteAddress }, { tcpMs: null, tlsMs: null, remoteAddress: null });
  });
});

describe('the length of the prompt', () => {
  test('as the endpoint counted the last answered one', () => {
    assert.equal(findingOf([attempt(plain)], true).promptTokens, 5);
  });
  test('null where it counts none, and where nothing was answered', () => {
    assert.equal(findingOf([attempt(answered(text('a'), finish, done))], true).promptTokens, null);
    assert.equal(findingOf([attempt(failed())], true).promptTokens, null);
  });
});

describe('answers without a token', () => {
  const empty = answered(role, finish, usage(16, 16), done);
  const of = (...answers: Answer[]) =>
    findingOf(
      answers.map((answer) => attempt(answer)),
      true,
    );
  test('all of them: the probe fails, for nothing could be timed, and the finish reason is told', () => {
    const { ok, failure, warnings, latenciesMs } = of(empty, empty, empty);
    assert.deepEqual(
      { ok, failure, warnings, latenciesMs },
      {
        ok: false,
        failure: { outcome: 'empty', detail: 'stop', message: null },
        warnings: [],
        latenciesMs: [],
      },
    );
  });
  test('nothing but [DONE]: as well', () => {
    assert.deepEqual(of(answered(done)).failure, { outcome: 'empty', detail: null, message: null });
  });
  test('one of them: the probe passes by the others', () => {
    assert.deepEqual([of(empty, plain).ok, of(plain, empty).ok, of(plain, empty).failure], [true, true, null]);
  });
  test('and then one that failed: its own failure is told', () => {
    assert.equal(of(empty, failed()).failure?.outcome, 'connect_error');
  });
});
