import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SpecError } from '../../lib/spec/fault.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { virtualSweep } from '../sweep/virtual-sweep.ts';
import { runVirtually, steadyServer } from './run-virtually.ts';

const counted = { warmUpMs: 0, windowMs: null, requestsPerStream: 3, drainMs: 60_000, rampMs: 0, level: 4 } as const;

describe('a stage counted in requests per stream', () => {
  test('the cohort is every stream’s first three; what is sent beside them is measured by nobody', async () => {
    const { end, records, receipt } = await runVirtually({ design: counted });
    assert.equal(end, 'done');
    for (const { ordinal, phase } of records) assert.equal(phase, ordinal < 3 ? 'cohort' : 'after');
    assert.equal(receipt.cohort, 12);
  });

  test('its window runs from the last stream’s first send to the first stream’s last end, and is in the receipt', async () => {
    const { records, receipt } = await runVirtually({ design: { ...counted, rampMs: 80 } });
    const cohort = records.filter(({ phase }) => phase === 'cohort');
    const streams = [0, 1, 2, 3].map((stream) => cohort.filter((record) => record.stream === stream));
    const startUs = Math.max(...streams.map((of) => Math.min(...of.map(({ sentUs }) => sentUs ?? 0))));
    const endUs = Math.min(...streams.map((of) => Math.max(...of.map(({ settledUs }) => settledUs ?? 0))));
    assert.deepEqual(receipt.window, { startUs, endUs });
    assert.ok(
      records.every(({ windowTokens }) => windowTokens === null),
      'the worker did not know it when it recorded',
    );
    const overlap = records.reduce(
      (sum, { sentUs, settledUs }) =>
        sum + Math.max(0, Math.min(settledUs ?? 0, endUs) - Math.max(sentUs ?? 0, startUs)),
      0,
    );
    assert.ok(Math.abs(receipt.inFlightSeconds - overlap / 1e6) < 1e-9);
  });
});

describe('a counted stage whose worker comes late', () => {
  test('begins with its worker, who is alone: the whole cohort is measured, its starts apart as planned', async () => {
    const { end, records, receipt } = await runVirtually({ design: { ...counted, rampMs: 80 }, leadMs: -5000 });
    assert.equal(end, 'done');
    assert.equal(receipt.cohort, 12);
    assert.equal(receipt.lateMs, 5000);
    const firsts = records.filter(({ ordinal }) => ordinal === 0).map(({ dueUs }) => dueUs);
    assert.deepEqual(
      firsts.sort((a, b) => a - b).map((us) => us - (firsts[0] ?? 0)),
      [0, 20_000, 40_000, 60_000],
    );
  });
});

describe('a sweep of counted stages', () => {
  const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 10}
load: {levels: [1, 4], driftCheck: false}
stage: {measure: {requestsPerStream: 30}}
`);
  test('one worker a stage; throughput by the tokens that arrived in the window, counted from the gaps', async () => {
    const { report, events, journal } = await virtualSweep({ spec, mock: { model: steadyServer, seed: 1 } });
    const stages = events.flatMap((event) =>
      event.kind === 'stage_ended' && event.stage.kind === 'load' ? [event.stage] : [],
    );
    assert.deepEqual(
      stages.map(({ workers, windowMs, windowEndsAtEpochMs }) => [workers, windowMs, windowEndsAtEpochMs]),
      [
        [1, null, null],
        [1, null, null],
      ],
    );
    assert.equal(report.ended?.reason, 'done');
    for (const point of report.points) {
      assert.equal(point.requests, 30 * point.level);
      assert.notEqual(point.validity.state, 'void', JSON.stringify(point.validity.reasons));
      // 35 ms to the first of ten tokens, then 10 ms each: 125 ms an answer, on every stream at once.
      const expected = (point.level * 10) / 0.125;
      assert.ok(
        Math.abs((point.outputTokensPerSecond.value ?? 0) / expected - 1) < 0.02,
        `${point.outputTokensPerSecond.value} against ${expected}`,
      );
      assert.ok(Math.abs((point.client.loadHeld ?? 0) - 1) < 0.01);
    }
    assert.ok(journal.length >= 150);
  });
});

describe('a counted stage that one worker can’t carry is refused', () => {
  const refused = (levels: string, requestsPerStream: number) => {
    try {
      parseSpec(
        `{target: {url: "http://a/v1"}, workload: {inputTokens: 1, outputTokens: 1}, load: {levels: ${levels}}, stage: {measure: {requestsPerStream: ${requestsPerStream}}}}`,
      );
    } catch (error) {
      if (error instanceof SpecError) return error.message;
    }
    return null;
  };
  test('512 streams at most', () => {
    assert.equal(refused('[512]', 5), null);
    assert.match(refused('[1, 513]', 5) ?? '', /^load\.levels\[1\] must be at most 512 where stages are counted/);
  });
  test('20,000 requests at most', () => {
    assert.equal(refused('[20]', 1000), null);
    assert.match(refused('[21]', 1000) ?? '', /^load\.levels\[0\] asks for 21,000 requests, more than the 20,000/);
  });
});
