import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { p95MarginOf } from '../../lib/curve/margin.ts';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import type { SweepEvent } from '../../lib/sweep/sweep-event.ts';
import { begin, newMachine, reportOf, requestsOf, resume } from './mortal-sweep.ts';
import { plainAggregator } from './plain-aggregator.ts';
import { type VirtualSweepResult, virtualSweep } from './virtual-sweep.ts';

const sweepOf = (load: string) =>
  parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 4}
load: {${load}}
stage: {warmUp: 1s, measure: 8s, drain: 2s}
`);
/** Durations that scatter: a level of one stream has few answers, one of eight streams has many. */
const mock = { model: { ...smallServer, jitter: 0.5 }, seed: 1 };

const ran = (events: readonly SweepEvent[]) =>
  events.flatMap((event) => (event.kind === 'stage_ended' && !event.stage.cutOff ? [event] : []));
const levelsOf = (events: readonly SweepEvent[]) =>
  ran(events)
    .slice(1)
    .map(({ stage }) => stage.level);

describe('a sweep until p95 is precise, against the mock', () => {
  let precise: VirtualSweepResult;
  before(async () => {
    const spec = sweepOf('levels: [1, 8], untilPrecise: {most: 8}, driftCheck: false');
    precise = await virtualSweep({ spec, mock, newAggregator: plainAggregator });
  });

  test('a level of few answers runs more often than one of many', () => {
    assert.deepEqual(levelsOf(precise.events), [1, 1, 1, 1, 8]);
    assert.deepEqual(precise.report.ended, { reason: 'done', detail: null });
  });
  test('the pooled interval of each ends within 5 %, and was wider one run before', () => {
    const [one, eight] = precise.report.points;
    assert.ok(one && eight);
    assert.deepEqual([one.stages, eight.stages], [[1, 2, 3, 4], [5]]);
    for (const point of [one, eight]) {
      assert.ok((p95MarginOf(point.latencyMs) ?? 1) <= 0.05, `level ${point.level}`);
      assert.deepEqual(point.notes, []);
    }
    const margins = ran(precise.events).map(({ verdict }) => verdict.p95Margins.latency ?? 1);
    assert.ok(margins.slice(1, 4).every((margin) => margin > 0.05));
    assert.equal(margins[4], p95MarginOf(one.latencyMs));
  });
  test('at its ceiling a level says that it is not as precise as asked', async () => {
    const spec = sweepOf('levels: [1], untilPrecise: {most: 2}');
    const { report, events } = await virtualSweep({ spec, mock, newAggregator: plainAggregator });
    assert.deepEqual(levelsOf(events), [1, 1]);
    const [point] = report.points;
    assert.deepEqual(point?.notes, [{ name: 'latency_imprecise', count: point && p95MarginOf(point.latencyMs) }]);
    assert.equal(report.ended?.reason, 'done');
  });
  test('taken up by another process wherever it died, it goes on from the runs that were over', async () => {
    const spec = sweepOf('levels: [1], untilPrecise: {most: 3}');
    const whole = newMachine(spec, mock);
    const { events } = await begin(whole);
    assert.deepEqual(levelsOf(events), [1, 1, 1]);
    const texts = whole.lines.map((text) => (JSON.parse(text) as { readonly name: string }).name);
    for (const name of ['aggregate-1', 'launch-2', 'aggregate-2', 'schedule-3']) {
      const line = texts.indexOf(name) + 1;
      const machine = newMachine(spec, mock);
      await begin(machine, { dies: { when: 'before', line } });
      const { end, events: again } = await resume(machine);
      const [point] = reportOf(machine).points;
      assert.ok(end === 'ended' && point, name);
      assert.equal(
        levelsOf(again).length,
        point.stages.length,
        'a run that was cut off is in no point, and counts as none',
      );
      const margins = ran(again)
        .slice(1)
        .map(({ verdict }) => verdict.p95Margins.latency ?? 1);
      assert.ok(margins.slice(0, -1).every((margin) => margin > 0.05));
      assert.ok(margins.length === 3 || (margins.at(-1) ?? 1) <= 0.05, `${name}: ${margins}`);
      const ids = requestsOf(machine).map(({ requestId }) => requestId);
      assert.equal(new Set(ids).size, ids.length, 'no request is sent twice');
    }
  });
});
