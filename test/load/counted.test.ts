import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countedCohort } from '../../lib/load/cohort.ts';
import { holdStreams } from './hold-streams.ts';
import { answerAfter, fails, refused, type Script, silence } from './scripted-connection.ts';

const always = (script: Script) => () => script;
const failure: Script = [[0, fails(refused)]];

describe('a counted cohort', () => {
  test('is over when every stream has had its k, or has given up before', () => {
    const cohort = countedCohort(2, 3);
    for (let i = 0; i < 4; i++) cohort.ended();
    assert.equal(cohort.isOver(0), false);
    cohort.gaveUp(1);
    assert.equal(cohort.isOver(0), true);
    cohort.gaveUp(7);
    assert.equal(cohort.isOver(0), true, 'who gives up after its k takes nothing away');
  });
});

describe('a counted stage: every stream’s first k requests are the cohort', () => {
  test('goes on, unmeasured, until the slowest stream has had its k; then what is in flight is cancelled', async () => {
    const held = await holdStreams({
      streams: [always(answerAfter(100)), always(answerAfter(350))],
      requestsPerStream: 3,
    });
    const slow = held.finished.filter(({ id }) => id.startsWith('1-'));
    assert.deepEqual(
      slow.map(({ ending }) => ending),
      ['ok', 'ok', 'ok'],
    );
    assert.equal(held.endedMs, 1050);
    const quick = held.finished.filter(({ id }) => id.startsWith('0-'));
    assert.equal(quick.length, 11, 'ten whole answers, and one cut off');
    assert.equal(quick.at(-1)?.ending, 'cancelled');
  });
  test('one stream, one request', async () => {
    const held = await holdStreams({ streams: [always(answerAfter(70))], requestsPerStream: 1 });
    assert.deepEqual([held.finished.length, held.endedMs, held.pending], [1, 70, 0]);
  });
  test('at the hard stop it ends whatever is left: a timeout named drain', async () => {
    const held = await holdStreams({ streams: [always(silence)], requestsPerStream: 2 });
    assert.deepEqual([held.finished[0]?.ending, held.endedMs], ['timeout: drain', 4000]);
  });
  test('failures count among the k', async () => {
    const held = await holdStreams({ streams: [always(failure)], requestsPerStream: 2 });
    assert.deepEqual([held.finished.length, held.endedMs], [2, 500]);
  });
});
