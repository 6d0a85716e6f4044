import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bodyKind } from '../../lib/target/body-kind.ts';
import { decodeBody, longestBody } from '../../lib/target/content-encoding.ts';
import { foreignText } from '../../lib/target/foreign-text.ts';
import { refusalEnding } from '../../lib/target/refusal.ts';
import { retryAfterMs } from '../../lib/target/retry-after.ts';
import { nowEpochMs } from './read-answer.ts';

suite('foreign words are fit to be kept', () => {
  const table: readonly (readonly [why: string, words: string, kept: string])[] = [
    ['as they are', 'model is overloaded', 'model is overloaded'],
    ['line breaks, tabs and control characters become a space', ' a\r\n\tb\u0000\u001bc\u009bd ', 'a b c d'],
    ['characters that turn or hide text go', 'a\u202eb\u200bc\u2066d\ufeff', 'abcd'],
    ['joiners stay', '👩\u200d🚀', '👩\u200d🚀'],
    ['halves of characters are replaced', 'a\ud800b', 'a\ufffdb'],
    ['cut at 200', 'x'.repeat(300), 'x'.repeat(200)],
    ['no character is cut in two', `${'x'.repeat(199)}🎉`, 'x'.repeat(199)],
    ['a character that just fits stays', `${'x'.repeat(198)}🎉y`, `${'x'.repeat(198)}🎉`],
  ];
  for (const [why, words, kept] of table) test(why, () => assert.equal(foreignText(words), kept));
});

suite('retry-after, in milliseconds', () => {
  const table: readonly (readonly [why: string, headers: Record<string, string | string[]>, ms: number | null])[] = [
    ['not there', {}, null],
    ['seconds', { 'retry-after': '2' }, 2000],
    ['parts of a second', { 'retry-after': '0.5' }, 500],
    ['none', { 'retry-after': '0' }, 0],
    ['a date to come', { 'retry-after': 'Thu, 09 Oct 2025 08:54:00 GMT' }, 40_000],
    ['a date gone by', { 'retry-after': 'Thu, 09 Oct 2025 08:53:00 GMT' }, 0],
    ['the finer header first', { 'retry-after': '2', 'retry-after-ms': '1250' }, 1250],
    ['the first of several', { 'retry-after': ['3', '4'] }, 3000],
    ['words', { 'retry-after': 'later' }, null],
    ['less than nothing', { 'retry-after': '-5' }, null],
  ];
  for (const [why, headers, ms] of table) test(why, () => assert.equal(retryAfterMs(headers, nowEpochMs), ms));
});

suite('what kind of body it is', () => {
  const table: readonly (readonly [why: string, begin: string, type: string | null, kind: string | null])[] = [
    ['bytes say stream, whatever the label', 'data: {', 'text/html', 'stream'],
    ['a comment begins a stream', ': OPENROUTER', null, 'stream'],
    ['bytes say JSON, whatever the label', '{"id', 'text/event-stream', 'whole'],
    ['a byte order mark and white space say nothing', '\ufeff\r\n data:', 'text/html', 'stream'],
    ['the beginning of a field name decides nothing yet', 'dat', 'text/html', null],
    ['a field without a colon begins a stream by its label', 'data\n', 'text/event-stream', 'stream'],
    ['nothing decides nothing', '', 'text/event-stream', null],
    ['long white space leaves it to the label', ' '.repeat(64), 'application/json', 'whole'],
    ['JSON of a provider', 'nul', 'application/vnd.api+json; charset=utf-8', 'whole'],
    ['a page', '<!doctype html>', 'text/html', 'foreign'],
    ['without a label it is what was asked for', '<a>', null, 'stream'],
  ];
  for (const [why, begin, type, kind] of table) {
    test(why, () => assert.equal(bodyKind(Buffer.from(begin), type, 'stream'), kind));
  }
});

suite('encodings that nobody asked for', () => {
  test('a bomb is not unpacked', () => {
    const bomb = gzipSync(Buffer.alloc(longestBody + 1));
    assert.ok(bomb.length < 100_000);
    assert.equal(decodeBody(bomb, 'gzip'), null);
  });
  test('a body that was cut is unpacked as far as it goes', () => {
    const plain = Buffer.from(Array.from({ length: 2000 }, (_, index) => `line ${index * 7919}\n`).join(''));
    const some = decodeBody(gzipSync(plain).subarray(0, 2000), 'gzip');
    assert.ok(some !== null && some.length > 500 && plain.subarray(0, some.length).equals(some));
  });
  test('names of every object are no encodings', () => assert.equal(decodeBody(Buffer.from('a'), 'constructor'), null));
  test('bytes of another kind are not unpacked', () => assert.equal(decodeBody(Buffer.from('hello'), 'gzip'), null));
});

suite('a redirect tells where it leads, without what may hold a key', () => {
  const table: readonly (readonly [why: string, location: string | null, says: string])[] = [
    ['an address', 'https://b.example:8443/v1/chat/completions', 'to https://b.example:8443/v1/chat/completions'],
    ['user and password', 'https://me:pw@b.example/v1', 'to https://b.example/v1'],
    ['query and fragment', 'https://b.example/v1?sig=abc#token=x', 'to https://b.example/v1'],
    ['parameters of the path', 'https://b.example/v1;jsessionid=abc/x', 'to https://b.example/v1/x'],
    ['a key in the path', 'https://b.example/sk-abcdef/v1', 'to https://b.example/…/v1'],
    ['a place on the same host', '/v1/chat/completions/', 'to /v1/chat/completions/'],
    ['another host, without a scheme', '//b.example/v1', 'to //b.example/v1'],
    ['a script', 'javascript:alert(1)', 'to no address of HTTP'],
    ['no address at all', 'https://[x', 'to no address of HTTP'],
    ['control characters', 'https://b.example/\u001b[31m\u202e', 'to https://b.example/%1B[31m%E2%80%AE'],
    ['nothing', null, 'without saying where'],
  ];
  for (const [why, location, says] of table) {
    test(why, () => {
      const ending = refusalEnding({ status: 308, body: '', location });
      assert.deepEqual(ending, {
        outcome: 'http_error',
        detail: null,
        message: `status 308 redirects ${says}; redirects are never followed`,
      });
    });
  }
  test('a long one is cut, and what follows it stays', () => {
    const { message } = refusalEnding({ status: 302, body: '', location: `https://b.example/${'x'.repeat(500)}` });
    assert.match(message ?? '', /^status 302 redirects to https:\/\/b\.example\/x+…; redirects are never followed$/);
  });
});
