import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { longestEvent, sseParser } from '../../lib/stream/sse.ts';
import { bytewise, heard } from './heard.ts';

const mebibyte = 1024 * 1024;

suite('server-sent events, by WHATWG HTML section 9.2.6', () => {
  const table: readonly (readonly [why: string, body: string, told: readonly string[]])[] = [
    ['an event ends with a blank line', 'data: a\n\n', ['message|a']],
    ['LF, CRLF and CR end a line', 'data: a\n\ndata: b\r\n\r\ndata: c\r\r', ['message|a', 'message|b', 'message|c']],
    ['line ends may be mixed within an event', 'data: a\r\ndata: b\r\n\ndata: c\n\r', ['message|a\nb', 'message|c']],
    ['one space after the colon is stripped, at most', 'data:a\n\ndata:  a \n\n', ['message|a', 'message| a ']],
    ['several data lines are joined with a newline', 'data: a\ndata\ndata:\ndata: b\n\n', ['message|a\n\n\nb']],
    ['data may be empty', 'data\n\ndata:\n\n', ['message|', 'message|']],
    ['an event without data is none', 'event: ping\n\nid: 7\n\n\n', []],
    ['event names the type, for one event only', 'event: e\ndata: a\n\ndata: b\n\n', ['e|a', 'message|b']],
    ['the last type wins, an empty one means message', 'event: e\nevent:\ndata: a\n\n', ['message|a']],
    ['the type may follow the data', 'data: a\nevent: e\n\n', ['e|a']],
    [
      'a line that begins with a colon is a comment',
      ': hi\n:\ndata: a\n: ho\n\n',
      ['comment', 'comment', 'comment', 'message|a'],
    ],
    ['data that looks like a comment is data', 'data: : keepalive\n\n', ['message|: keepalive']],
    [
      'id, retry and unknown fields are passed over',
      'id: 1\nretry: 10\nfoo: x\ndatas: y\n data: z\ndata: a\n\n',
      ['message|a'],
    ],
    ['a byte order mark is stripped once', '\ufeff\ufeffdata: a\n\ndata: b\n\n', ['message|b']],
    ['a byte order mark elsewhere is text', 'data: a\n\ndata: \ufeffb\n\n', ['message|a', 'message|\ufeffb']],
    [
      'the event that still waits at the end is told apart',
      'data: a\n\nevent: e\ndata: b\n',
      ['message|a', 'unterminated e|b'],
    ],
    ['even when its line has no end', 'data: b', ['unterminated message|b']],
    ['nothing waits after a blank line of CR', 'data: a\r\r', ['message|a']],
    ['nothing waits where no data came', ': hi\nevent: e\nid', ['comment']],
    ['an empty body holds nothing', '', []],
  ];
  for (const [why, body, told] of table) {
    test(why, () => {
      const bytes = Buffer.from(body);
      assert.deepEqual(heard([bytes]), told);
      assert.deepEqual(heard(bytewise(bytes)), told, 'byte by byte');
    });
  }

  test('an event is told as soon as its blank line is there, also when that ends in a CR', () => {
    const told: string[] = [];
    const parser = sseParser({
      event: (_, data) => told.push(data),
      unterminated: assert.fail,
      oversized: assert.fail,
    });
    parser.push(Buffer.from('data: a\r\n\r'));
    assert.deepEqual(told, ['a']);
    parser.push(Buffer.from('\ndata: b\r\r'));
    assert.deepEqual(told, ['a', 'b']);
  });

  test('bytes that are no UTF-8 become replacement characters, and the stream goes on', () => {
    const bytes = Buffer.concat([
      Buffer.from('data: '),
      Buffer.from([0xff, 0xe2, 0x82]),
      Buffer.from('\n\ndata: b\n\n'),
    ]);
    assert.deepEqual(heard([bytes]), ['message|\ufffd\ufffd', 'message|b']);
  });

  test('any stream is the same however it is cut', () => {
    const piece = fc.constantFrom(
      ...[
        'data:',
        'data',
        'event:',
        ':',
        ' ',
        '\n',
        '\r',
        '\r\n',
        '\n\n',
        'x',
        'é',
        '🎉',
        '\ufeff',
        '{"a":1}',
        'id: 1\n',
      ],
    );
    const stream = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join('')));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200), { maxLength: 8 }), (bytes, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
        const reads = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        assert.deepEqual(heard(reads), heard([bytes]));
        assert.deepEqual(heard(bytewise(bytes)), heard([bytes]));
      }),
    );
  });
});

suite('a stream without measure', () => {
  const parts = (text: string, count: number) => Array.from({ length: count }, () => Buffer.from(text));

  test(`a line of ${longestEvent} bytes is kept, one byte more is dropped and the stream goes on`, () => {
    const line = (length: number) => Buffer.alloc(length, 'x').fill('data:', 0, 5);
    const end = Buffer.from('\n\ndata: a\n\n');
    const kept = heard([line(longestEvent), end]);
    assert.deepEqual(
      kept.map((text) => text.length),
      [longestEvent - 5 + 'message|'.length, 'message|a'.length],
    );
    assert.deepEqual(heard([line(longestEvent + 1), end]), ['oversized', 'message|a']);
    assert.deepEqual(heard([Buffer.concat([line(longestEvent + 1), end])]), ['oversized', 'message|a'], 'in one read');
  });

  test('data lines without end are one oversized event', () => {
    const lines = parts(`data: ${'x'.repeat(mebibyte)}\n`, 20);
    assert.deepEqual(heard([...lines, Buffer.from('\ndata: a\n\n')]), ['oversized', 'message|a']);
    const empty = parts('data:\n'.repeat(100_000), 6);
    assert.deepEqual(heard([...empty, Buffer.from('\ndata: a\n\n')]), ['oversized', 'message|a']);
  });

  test('an oversized event is told once, however long it goes on', () => {
    const line = [...parts('x'.repeat(mebibyte), 17), Buffer.from('\n')];
    assert.deepEqual(heard([...line, ...line, Buffer.from('data: a\n\ndata: b\n\n')]), ['oversized', 'message|b']);
    assert.deepEqual(heard(line.slice(0, -1)), ['oversized'], 'also at the end');
  });

  test('an endless line, byte by byte, costs time in proportion to its length', () => {
    const secondsFor = (length: number) => {
      const byte = Buffer.from('x');
      const parser = sseParser({ event: assert.fail, unterminated: assert.fail, oversized: assert.fail });
      const began = process.cpuUsage();
      for (let count = 0; count < length; count++) parser.push(byte);
      return process.cpuUsage(began).user / 1e6;
    };
    secondsFor(100_000);
    const short = secondsFor(100_000);
    assert.ok(secondsFor(800_000) < 8 * 5 * short + 0.1);
  });

  test('memory stays bounded over an endless line', () => {
    const parser = sseParser({ event: assert.fail, unterminated: assert.fail, oversized: () => undefined });
    const part = Buffer.alloc(mebibyte, 'x');
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 200; count++) parser.push(part);
    assert.ok(process.memoryUsage().arrayBuffers - before < 4 * longestEvent);
  });
});
