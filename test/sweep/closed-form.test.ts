import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { closedForm, closedFormKnee } from '../../lib/mock/closed-form.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { type VirtualSweepResult, virtualSweep } from './virtual-sweep.ts';

const model: QueueModel = { ...smallServer, slots: 8, jitter: 0 };
const lengths = { inputTokens: 64, outputTokens: 16 };
const levels = [1, 2, 4, 8, 16, 32] as const;

const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 64, outputTokens: 16}
load: {levels: [${levels.join(', ')}]}
stage: {warmUp: 4s, measure: 20s, drain: 4s}
fleet: {streamsPerWorker: 8}
`);

const within = (share: number, measured: number | null, expected: number | null, what: string) =>
  assert.ok(
    measured !== null && expected !== null && Math.abs(measured / expected - 1) <= share,
    `${what}: measured ${measured}, closed form ${expected}`,
  );

describe('under virtual time the curve is the mock’s closed form', () => {
  let swept: VirtualSweepResult;
  before(async () => {
    swept = await virtualSweep({ spec, mock: { model, seed: 1 } });
  });

  for (const level of levels) {
    test(`level ${level}: throughput, TTFT, TPOT and latency within 2 %`, () => {
      const point = swept.report.points.find((candidate) => candidate.level === level);
      const truth = closedForm(model, lengths, level);
      assert.ok(point);
      assert.equal(point.validity.state, 'ok', JSON.stringify(point.validity));
      within(0.02, point.outputTokensPerSecond.value, truth.outputTokensPerSecond, 'output tokens/s');
      within(0.02, point.latencyMs.p50, truth.latencyMs, 'latency p50');
      within(0.02, point.tpotMs.p50, truth.tpotMs, 'TPOT p50');
      within(0.02, point.ttftMs.p50, truth.ttftMs, 'TTFT p50');
    });
  }

  test('the knee is where the mock’s capacity lies, and the answers follow', () => {
    const [curve] = swept.report.curves;
    const knee = closedFormKnee(model, lengths);
    const expected = levels.find((level) => level >= knee);
    assert.deepEqual(curve?.answers, {
      lowLatency: 1,
      balanced: expected,
      highThroughput: curve?.answers.highThroughput,
      sloGiven: false,
      highestMet: null,
    });
    assert.ok((curve?.answers.highThroughput ?? 0) >= 8);
    assert.equal(curve?.drift, 'none');
  });

  test('requests come from as many workers as the level needs, each with its exact share', () => {
    const stage = swept.events
      .flatMap((event) => (event.kind === 'stage_ended' ? [event.stage] : []))
      .find(({ level }) => level === 32);
    assert.equal(stage?.workers, 4);
  });

  test('every request of the journal is a record of some stage, and no other', () => {
    const counted = swept.report.points.reduce((sum, { requests }) => sum + requests, 0);
    assert.ok(counted > 1000 && counted < swept.journal.length);
  });
});
