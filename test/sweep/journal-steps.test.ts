import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { beginLife, readRemembered } from '../../lib/sweep/journal-life.ts';
import { journalSteps } from '../../lib/sweep/journal-steps.ts';
import { memoryJournal } from '../store/memory-journal.ts';
import { virtualClock } from '../timing/virtual-clock.ts';

const nobody = {
  aggregate: () => assert.fail('nothing is to be aggregated'),
  conclude: () => assert.fail('nothing is to be concluded'),
};

async function stepsOver(lines: string[]) {
  const clock = virtualClock();
  const journal = memoryJournal(lines);
  const remembered = await beginLife(journal, clock.nowEpochMs());
  const stop = new AbortController();
  return { clock, stop, steps: journalSteps({ clock, stop: stop.signal, aggregator: nobody, journal, remembered }) };
}

const life = '{"schema":"paretoken.journal.v1","beganAtEpochMs":1,"kept":0,"cutOff":null}';

describe('steps over a journal', () => {
  test('a result is in the journal before the sweep goes on with it', async () => {
    const lines: string[] = [];
    const { steps } = await stepsOver(lines);
    assert.deepEqual(await steps.step('open', async () => ({ a: 1, b: undefined })), { a: 1 });
    assert.equal(lines.at(-1), '{"name":"open","value":{"a":1}}');
  });

  test('what is remembered is given back, and nothing is done or waited for', async () => {
    const lines = [life, '{"name":"capacity","value":3}', '{"name":"open","value":"opened"}'];
    const { steps, clock } = await stepsOver(lines);
    assert.equal(await steps.step('capacity', () => assert.fail('taken again')), 3);
    assert.equal(await steps.step('open', () => assert.fail('taken again')), 'opened');
    assert.equal(clock.pending(), 0);
  });

  test('a name that does not fit the order is an error, and stays one', async () => {
    const lines = [life, '{"name":"capacity","value":3}', '{"name":"open","value":"opened"}'];
    const { steps } = await stepsOver(lines);
    for (let time = 0; time < 2; time++) {
      await assert.rejects(
        steps.step('open', async () => 1),
        { name: 'JournalError', message: /remembers capacity where open is to be done/ },
      );
    }
    assert.equal(lines.length, 4, 'no line but that of the new process');
  });

  test('a wait is live beyond what is remembered, and ends at once when its time is long past', async () => {
    const { steps, clock } = await stepsOver([]);
    await clock.runUntilSettled(steps.waitUntil('wait-0-0', clock.nowEpochMs() - 3_600_000));
    assert.equal(clock.pending(), 0);
  });

  test('a failed step is not remembered', async () => {
    const lines: string[] = [];
    const { steps } = await stepsOver(lines);
    await assert.rejects(
      steps.step('open', () => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(lines.length, 1);
  });
});

describe('a journal', () => {
  test('of several processes holds what each kept of those before it', () => {
    const lines = [
      life,
      '{"name":"open","value":1}',
      '{"name":"schedule-0","value":2}',
      '{"name":"launch-0","value":3}',
      '{"schema":"paretoken.journal.v1","beganAtEpochMs":2,"kept":2,"cutOff":0}',
      '{"name":"take-over-0","value":false}',
    ];
    assert.deepEqual(readRemembered(lines), [
      { name: 'open', value: 1 },
      { name: 'schedule-0', value: 2 },
      { name: 'launch-0', value: null },
      { name: 'take-over-0', value: false },
    ]);
  });

  for (const [why, lines, says] of [
    ['a line that is no JSON', [life, '{"na', '{"name":"open"}'], /line 2 .* is no JSON/],
    ['a line of something else', [life, '{"time":1}'], /line 2 .* not of paretoken\.journal\.v1/],
    ['a version that is not known', ['{"schema":"paretoken.journal.v2"}'], /line 1 .* not of paretoken\.journal\.v1/],
    ['no beginning', ['{"name":"open"}'], /line 1 .* not of paretoken\.journal\.v1/],
  ] as const) {
    test(`with ${why} is refused by its place`, () => {
      assert.throws(() => readRemembered(lines), { name: 'JournalError', message: says });
    });
  }
});
