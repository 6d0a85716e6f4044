import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Point } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { joinStageColumns, stageColumnsOf } from '../../lib/record/stage-columns.ts';
import { rounded } from './rounded.ts';
import { dataOf, receiptsOf, type Sample, sample } from './sample-stage.ts';

const without = ({ client, ...point }: Point) => ({
  ...point,
  loadHeld: client.loadHeld,
  emptied: client.emptiedShare,
});

describe('a point', () => {
  it('is the same when a worker’s records and gauge are split among several', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (seed, workers) => {
        const one = sample({ seed: String(seed), design: { level: 5, windowMs: 6000 }, failureShare: 0.05 });
        const stage = { ...one.stage, workers };
        const records = one.records.map((record) => ({ ...record, worker: record.stream % workers }));
        const split = pointOf(dataOf({ stage, records, receipts: receiptsOf(stage, records) }));
        assert.deepEqual(rounded(without(split)), rounded(without(pointOf(dataOf(one)))));
      }),
      { numRuns: 15 },
    );
  });

  it('is the same whatever the order and the files in which the records come', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 7 }), (seed, parts) => {
        const whole = sample({
          seed: String(seed),
          design: { level: 5, workers: 2, windowMs: 6000 },
          failureShare: 0.05,
        });
        const random = seededRandom('order', seed);
        const shuffled = whole.records.map((record) => ({ record, key: random() })).sort((a, b) => a.key - b.key);
        const files = Array.from({ length: parts }, (_, part) => shuffled.filter((_, place) => place % parts === part));
        const columns = joinStageColumns(files.map((file) => stageColumnsOf(file.map(({ record }) => record))));
        const point = pointOf({ ...dataOf(whole), columns, receipts: whole.receipts.toReversed() });
        assert.deepEqual(rounded(point), rounded(pointOf(dataOf(whole))));
      }),
      { numRuns: 15 },
    );
  });

  it('has twice the times and half the rates when everything takes twice as long', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const once = sample({ seed: String(seed), design: { level: 5, windowMs: 8000 }, latencyMs: 300 });
        const [a, b] = [pointOf(dataOf(once)), pointOf(dataOf(stretched(once)))];
        const times = (point: Point, factor: number) =>
          rounded(
            [point.ttftMs, point.tpotMs, point.latencyMs].map(({ p50, p90, mean, ci }) =>
              [p50, p90, mean, ...ci.p50, ...ci.p90].map((ms) => (ms ?? 0) * factor),
            ),
          );
        const rates = (point: Point, factor: number) =>
          rounded(
            [point.outputTokensPerSecond, point.totalTokensPerSecond, point.requestsPerSecond].map(({ value, ci }) =>
              [value, ...ci].map((rate) => (rate ?? 0) * factor),
            ),
          );
        assert.deepEqual(times(b, 1), times(a, 2));
        assert.deepEqual(rates(b, 1), rates(a, 0.5));
        assert.deepEqual(
          rounded([b.client.loadHeld, b.client.emptiedShare]),
          rounded([a.client.loadHeld, a.client.emptiedShare]),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('is finite everywhere, so that it can be stored', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, level, failureShare) => {
          const { stage, records, receipts } = sample({
            seed: String(seed),
            design: { level, windowMs: 1000, workers: 1 },
            failureShare,
          });
          const point = pointOf(dataOf({ stage, records, receipts: seed % 3 === 0 ? [] : receipts }));
          assert.deepEqual(JSON.parse(JSON.stringify(point)), point);
        },
      ),
      { numRuns: 30 },
    );
  });
});

function stretched({ stage, records }: Sample): Sample {
  const slow = {
    ...stage,
    warmUpMs: stage.warmUpMs * 2,
    windowMs: (stage.windowMs ?? 0) * 2,
    drainMs: stage.drainMs * 2,
  };
  const twice = (us: number | null) => (us === null ? null : us * 2);
  const slower = records.map(
    (record): RequestRecord => ({
      ...record,
      dueUs: record.dueUs * 2,
      sentUs: twice(record.sentUs),
      headersUs: twice(record.headersUs),
      firstEventUs: twice(record.firstEventUs),
      firstTokenUs: twice(record.firstTokenUs),
      firstVisibleTokenUs: twice(record.firstVisibleTokenUs),
      lastTokenUs: twice(record.lastTokenUs),
      endUs: twice(record.endUs),
      settledUs: twice(record.settledUs),
    }),
  );
  return { stage: slow, records: slower, receipts: receiptsOf(slow, slower) };
}
