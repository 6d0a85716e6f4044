import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdStreams } from './hold-streams.ts';
import { answerAfter } from './scripted-connection.ts';

/** Says yes so many times, then no for ever. */
function times(most: number): () => boolean {
  let asked = 0;
  return () => ++asked <= most;
}

const quick = () => answerAfter(100);
const slow = () => answerAfter(350);

describe('a stream that may not send any more', () => {
  test('sends nothing from then on; what other streams have in flight goes on to its end', async () => {
    const held = await holdStreams({ streams: [quick, slow], admit: times(3) });
    assert.deepEqual(
      held.sends.map(({ id, atMs }) => [id, atMs]),
      [
        ['0-0', 0],
        ['1-0', 0],
        ['0-1', 100],
      ],
    );
    assert.deepEqual(held.finished.map(({ id, ending }) => [id, ending]).toSorted(), [
      ['0-0', 'ok'],
      ['0-1', 'ok'],
      ['1-0', 'ok'],
    ]);
    assert.deepEqual([held.endedMs, held.pending, held.result.streamsGaveUp], [350, 0, 0]);
  });
  test('is asked before each send, and by name', async () => {
    const asked: string[] = [];
    const held = await holdStreams({
      streams: [slow],
      admit: (stream, ordinal) => asked.push(`${stream}-${ordinal}`) > 0,
    });
    assert.deepEqual(
      asked,
      held.sends.map(({ id }) => id),
    );
  });
  test('does not keep a window open that waits for it', async () => {
    // The seventh request is due in the window, at 1200 ms.
    const held = await holdStreams({
      streams: [() => answerAfter(200), slow],
      admit: (stream, n) => stream > 0 || n < 6,
    });
    assert.ok(held.endedMs >= 2000 && held.endedMs < 2500, `${held.endedMs} ms`);
  });
  test('ends a counted stage: its requests are no longer waited for', async () => {
    const held = await holdStreams({
      streams: [quick, quick],
      requestsPerStream: 5,
      admit: (stream, n) => stream > 0 || n < 2,
    });
    assert.deepEqual([held.endedMs, held.finished.filter(({ id }) => id.startsWith('0-')).length], [500, 2]);
  });
});
