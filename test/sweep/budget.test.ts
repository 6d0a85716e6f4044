import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { exitCodeOf } from '../../lib/report/summary.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { begin, newMachine, reportOf, requestsOf, resume } from './mortal-sweep.ts';
import { virtualSweep } from './virtual-sweep.ts';

const model: QueueModel = { ...smallServer, jitter: 0, stepBaseMs: 30 };
const specOf = (more: string) =>
  parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 5}
load: {levels: [1, 4, 8]}
stage: {warmUp: 1s, measure: 5s, drain: 2s}
fleet: {streamsPerWorker: 2}
${more}
`);
const sweep = (more: string) => virtualSweep({ spec: specOf(more), mock: { model, seed: 1 } });

describe('a sweep keeps within its budget, to one request a stream', () => {
  test('requests: none more than allowed reaches the endpoint, and the report says that the budget ended it', async () => {
    const { report, journal } = await sweep('budget: {requests: 450}');
    assert.ok(journal.length <= 450 && journal.length > 450 - 8, `${journal.length} requests`);
    assert.deepEqual(report.ended, {
      reason: 'budget',
      detail: 'At level 8 the budget of 450 requests was used up before the window was over.',
    });
    assert.equal(exitCodeOf(report), 4);
    const cut = report.points.find(({ level }) => level === 8);
    assert.ok(cut?.validity.reasons.some(({ name }) => name === 'interrupted'));
    assert.equal(report.points.find(({ level }) => level === 4)?.validity.state, 'ok', 'what was measured stands');
  });
  test('output tokens', async () => {
    const { report, journal } = await sweep('budget: {outputTokens: 900}');
    const used = journal.reduce((sum, { outputTokens }) => sum + outputTokens, 0);
    assert.ok(used <= 900 && used > 900 - 8 * 5, `${used} tokens`);
    assert.equal(report.ended?.reason, 'budget');
  });
  test('cost: the report’s own, by the prices', async () => {
    const { report } = await sweep(
      'prices: {inputPerMillion: 10, outputPerMillion: 40, currency: EUR}\nbudget: {cost: 0.075}',
    );
    assert.equal(report.ended?.reason, 'budget');
    const { amount = 0, currency } = report.cost ?? {};
    assert.ok(amount <= 0.075 && amount > 0.075 - 8 * 0.0004, `${amount}`);
    assert.equal(currency, 'EUR');
  });
  test('minutes: nothing is sent after them', async () => {
    const { report, journal, events } = await sweep('budget: {minutes: 0.36}');
    const beganUs = journal[0]?.arrivalUs ?? 0;
    assert.ok(Math.max(...journal.map(({ arrivalUs }) => arrivalUs)) - beganUs < 21.6e6);
    assert.equal(report.ended?.reason, 'budget');
    assert.match(
      report.ended?.detail ?? '',
      /^Level 8 was not begun: it may take 9s, and the budget of 0\.36 minutes leaves/,
    );
    assert.deepEqual(
      events.flatMap((event) => (event.kind === 'stage_ended' ? [event.stage.level] : [])),
      [1, 1, 4],
    );
  });
  test('a budget that suffices is told of nowhere', async () => {
    const { report } = await sweep('budget: {requests: 100000, outputTokens: 1000000}');
    assert.deepEqual(report.ended, { reason: 'done', detail: null });
    assert.ok(report.points.every(({ validity }) => validity.state !== 'void'));
  });
  test('below its least it is refused before anything is sent', async () => {
    await assert.rejects(
      sweep('budget: {requests: 15}'),
      /budget\.requests: the probe and one request .* 3 \+ 13 = 16/,
    );
  });
});

describe('a sweep that was stopped and is resumed', () => {
  /** Stopped in the midst of its second level, and resumed an hour later. */
  const stopped = async (more: string) => {
    const machine = newMachine(specOf(more), { model, seed: 1 });
    await begin(machine, {
      observe(event, { clock, stop }) {
        if (event.kind === 'stage_started' && event.stage.level === 4) clock.callAt(clock.nowUs() + 5e6, stop);
      },
    });
    await machine.clock.advanceTo(machine.clock.nowUs() + 3600e6);
    await resume(machine);
    return { sent: requestsOf(machine).length, ended: reportOf(machine).ended };
  };
  test('keeps within its budget: what the stage used that was cut off is gone', async () => {
    const whole = await stopped('');
    const { sent, ended } = await stopped('budget: {requests: 450}');
    assert.ok(whole.sent > 600, `${whole.sent} without a budget`);
    assert.ok(sent <= 450 && sent > 450 - 8, `${sent} requests`);
    assert.equal(ended?.reason, 'budget');
  });
  test('has its minutes left: the time that it rested does not count', async () => {
    assert.equal((await stopped('budget: {minutes: 2}')).ended?.reason, 'done');
  });
});
