import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closedForm } from '../../lib/mock/closed-form.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { virtualSweep } from './virtual-sweep.ts';

const model: QueueModel = { ...smallServer, slots: 32 };
const lengths = { inputTokens: 20, outputTokens: 8 };
const latencyMs = (level: number) => closedForm(model, lengths, level).latencyMs;

/** A search by the mock's own latencies, with its jitter, through workers, records and aggregator. */
async function search(capacity: number, seed: number, more = '') {
  const boundMs = (latencyMs(capacity) + latencyMs(capacity + 1)) / 2;
  const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: ${lengths.inputTokens}, outputTokens: ${lengths.outputTokens}}
load: {search: {to: 32}}
slo: {percentiles: {latency: {p50: ${boundMs.toFixed(3)}ms}}, errorRate: 0.05}
stage: {warmUp: 500ms, measure: 4s, drain: 2s}
seed: ${seed}
${more}`);
  const swept = await virtualSweep({ spec, mock: { model, seed }, capacity: 1 });
  const stages = swept.events.flatMap((event) => (event.kind === 'stage_ended' ? [event] : []));
  return { ...swept, stages };
}

describe('a search against the mock', () => {
  for (const [capacity, seed] of [
    [11, 1],
    [6, 2],
  ] as const) {
    test(`finds ${capacity} parallel requests within one, and the curve holds every level tried`, async () => {
      const { report, stages } = await search(capacity, seed);
      assert.equal(report.ended?.reason, 'done');
      const [, met] = /^Up to (\d+) parallel requests meet the SLO/.exec(report.ended?.detail ?? '') ?? [];
      assert.ok(Math.abs(Number(met) - capacity) <= 1, report.ended?.detail ?? '');
      const levels = stages.slice(1).map(({ stage }) => stage.level);
      assert.deepEqual(
        report.points.map(({ level }) => level),
        [...new Set(levels)].sort((a, b) => a - b),
      );
      assert.equal(levels.at(-1), Number(met), 'the repeat that confirms it comes last');
      const confirmed = report.points.find(({ level }) => level === Number(met));
      assert.ok((confirmed?.stages.length ?? 0) >= 2, 'its runs are pooled');
      assert.equal(report.curves[0]?.answers.highestMet, Number(met));
    });
  }
  test('a search that its budget ends says how far it got', async () => {
    const { report } = await search(11, 1, 'budget: {minutes: 0.5}');
    assert.equal(report.ended?.reason, 'budget');
    assert.match(report.ended?.detail ?? '', /So far up to \d+ parallel requests meet the SLO/);
  });
});
