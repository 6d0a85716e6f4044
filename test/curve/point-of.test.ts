import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Point } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { joinStageColumns, stageColumnsOf } from '../../lib/record/stage-columns.ts';
import { request } from '../record/request.ts';
import { rounded } from './rounded.ts';
import { dataOf, phaseOf, receiptsOf, sample, sampleStage } from './sample-stage.ts';
import { changeCohort, steadyStage } from './steady-stage.ts';

/** A request sent at another time. */
function moved(sentMs: number): Partial<RequestRecord> {
  const sentUs = sentMs * 1000;
  const firstTokenUs = sentUs + 10_000;
  const answered = { headersUs: null, firstEventUs: null, firstVisibleTokenUs: null, firstTokenUs };
  return { sentUs, ...answered, lastTokenUs: firstTokenUs, endUs: firstTokenUs, settledUs: firstTokenUs };
}

describe('a point of what is left of a stage', () => {
  const stage = sampleStage();
  const names = (point: Point) => point.validity.reasons.map(({ name }) => name);
  const nothing = { stage, columns: joinStageColumns([]), receipts: [], partsUnreadable: 0 };

  it('is void and full of nulls when nothing is left', () => {
    const point = pointOf(nothing);
    assert.equal(point.validity.state, 'void');
    assert.deepEqual(names(point), ['streams_missing', 'load_not_held', 'few_samples']);
    assert.deepEqual(
      [point.requests, point.errorShare, point.latencyMs.p50, point.latencyMs.max, point.outputTokensPerSecond.value],
      [0, null, null, null, null],
    );
    assert.deepEqual(point.notes, [{ name: 'receipts_missing', count: 1 }]);
  });

  it('shows no percentile of one request, but its mean and its maximum', () => {
    const { records } = steadyStage();
    const point = pointOf({
      ...nothing,
      columns: stageColumnsOf(records.filter(({ phase }) => phase === 'cohort').slice(0, 1)),
    });
    assert.deepEqual(
      [point.requests, point.latencyMs.p50, point.latencyMs.mean, point.latencyMs.max, point.latencyMs.samples],
      [1, null, 190, 190, 1],
    );
    assert.equal(point.validity.state, 'void');
  });

  it('says what all failed requests died of', () => {
    const failing = sample({ failureShare: 1, design: { level: 2 } });
    const point = pointOf(dataOf(failing));
    assert.equal(point.ok, 0);
    assert.equal(point.errorShare, 1);
    assert.deepEqual(point.messages, [{ outcome: 'http_error', message: 'overloaded', count: point.requests }]);
    assert.deepEqual([point.outputTokensPerSecond.value, point.latencyMs.withFailures.p50], [0, 'not_reached']);
  });

  it('says what killed a stage that gave up before its window', () => {
    const { records } = sample({ failureShare: 1, design: { level: 2 } });
    const early = records.filter(({ phase }) => phase === 'warm_up');
    const point = pointOf(dataOf({ stage, records: early, receipts: receiptsOf(stage, early) }));
    assert.deepEqual(point.messages, [{ outcome: 'http_error', message: 'overloaded', count: early.length }]);
  });

  it('shows the five most frequent messages', () => {
    const counts = [3, 9, 1, 7, 5, 2];
    let samples = steadyStage();
    counts.forEach((_, kind) => {
      const upTo = counts.slice(kind).reduce((sum, count) => sum + count, 0);
      samples = changeCohort(samples, upTo, { outcome: 'http_error', message: `kind ${kind}` });
    });
    const { messages } = pointOf(dataOf(samples));
    assert.deepEqual(
      messages.map(({ message, count }) => [message, count]),
      [
        ['kind 1', 9],
        ['kind 3', 7],
        ['kind 4', 5],
        ['kind 0', 3],
        ['kind 5', 2],
      ],
    );
  });

  it('has null throughput and is void when nobody knows how many tokens there were', () => {
    const unknown = { streamedTokens: null, outputTokens: null, windowTokens: null, windowTokensBySlice: null };
    const { records, ...rest } = steadyStage();
    const point = pointOf(dataOf({ ...rest, records: records.map((record) => ({ ...record, ...unknown })) }));
    assert.deepEqual([point.outputTokensPerSecond.value, point.tpotMs.p50, point.meanOutputTokens], [null, null, null]);
    assert.deepEqual([point.throughputIsLowerBound, names(point)], [true, ['tokens_unknown']]);
    assert.equal(point.slices[0]?.outputTokensPerSecond, null);
  });

  it('notes what could not be read', () => {
    const bad = steadyStage().records.map((record, place) => (place < 3 ? { ...record, dueUs: Number.NaN } : record));
    const point = pointOf({ ...nothing, columns: stageColumnsOf(bad), partsUnreadable: 2 });
    assert.deepEqual(point.notes, [
      { name: 'parts_unreadable', count: 2 },
      { name: 'rows_corrupt', count: 3 },
      { name: 'receipts_missing', count: 1 },
    ]);
  });

  it('names the workers that were lost and those that came late', () => {
    const { stage, records, receipts } = sample({ design: { level: 8, workers: 4 } });
    const [zero, one, two] = receipts;
    if (!zero || !one || !two) throw new Error('the sample has four workers');
    const left = [{ ...zero, lateMs: 3 }, one, { ...two, state: 'late' as const, lateMs: 9000 }];
    const { client } = pointOf(dataOf({ stage, records, receipts: left }));
    assert.deepEqual([client.workers, client.workersLost, client.workersLate], [4, [3], [0, 2]]);
  });

  it('counts the lag of every request that was due or sent in the window', () => {
    const { stage, records, receipts } = steadyStage();
    const lagOf = (dueMs: number, sentMs: number) => {
      const late = request({ stream: 9, phase: phaseOf(stage, dueMs * 1000), dueUs: dueMs * 1000, ...moved(sentMs) });
      return pointOf(dataOf({ stage, records: [...records.slice(0, 20), late], receipts })).client.sendLagP99Ms;
    };
    assert.ok((lagOf(1900, 2100) ?? 0) > 100, 'due in the warm-up');
    assert.ok((lagOf(21_900, 22_100) ?? 0) > 100, 'sent after the window');
    assert.ok((lagOf(22_000, 22_100) ?? 0) < 1, 'neither due nor sent in the window');
  });

  it('takes the answers in the order in which they were due to tell how much they resemble each other', () => {
    const width = (sentPlace: (place: number) => number) => {
      const records = Array.from({ length: 400 }, (_, place) => {
        const sentMs = 6000 + sentPlace(place);
        return request({
          phase: 'cohort',
          dueUs: (2000 + place) * 1000,
          ...moved(sentMs),
          lastTokenUs: (sentMs + 500 + place / 2) * 1000,
          endUs: null,
          settledUs: 21_000_000,
        });
      });
      const [low, high] = pointOf(dataOf({ stage: sampleStage(), records, receipts: [] })).latencyMs.ci.p50;
      return (high ?? Number.POSITIVE_INFINITY) - (low ?? 0);
    };
    assert.equal(
      width((place) => place),
      width((place) => (place * 37) % 400),
    );
    assert.ok(width((place) => (place * 37) % 400) > 100);
  });

  it('shows of the client the worst worker', () => {
    const { stage, records, receipts } = sample({ design: { level: 4, workers: 2 } });
    const health = {
      eventLoopDelayMs: { p50: 1, p99: 4, max: 9 },
      cpuShare: 0.6,
      gcPauseMs: { total: 30, max: 12 },
    };
    const worse = receipts.map((receipt) =>
      receipt.worker === 1 ? { ...receipt, health, pausedSeconds: 8 } : receipt,
    );
    const { client } = pointOf(dataOf({ stage, records, receipts: worse }));
    assert.deepEqual(
      [client.eventLoopDelayP99Ms, client.cpuShare, client.gcPauseMaxMs, client.socketsOpened, client.pausedShare],
      [4, 0.6, 12, 4, 8 / (4 * 20)],
    );
  });

  it('notes a window too short for intervals, and gives none', () => {
    const short = pointOf(dataOf(sample({ design: { windowMs: 3900 }, latencyMs: 500 })));
    assert.deepEqual(short.notes, [{ name: 'window_short', count: null }]);
    assert.deepEqual(
      [short.latencyMs.ci.p50, short.outputTokensPerSecond.ci],
      [
        [null, null],
        [null, null],
      ],
    );
    assert.notEqual(short.latencyMs.p50, null);
  });

  it('notes when several tokens came in one read', () => {
    const { notes } = pointOf(dataOf(changeCohort(steadyStage(), 400, { tokenReads: 2 })));
    assert.deepEqual(notes, [{ name: 'tokens_per_read', count: 2.5 }]);
  });

  it('shows no percentile of gaps that the sample is too small for', () => {
    const { records, ...rest } = steadyStage();
    const few = records.filter(({ phase }) => phase === 'cohort').slice(0, 12);
    const { interChunkMs } = pointOf(dataOf({ ...rest, records: few, receipts: receiptsOf(rest.stage, few) }));
    assert.deepEqual([interChunkMs.samples, interChunkMs.p50 === null, interChunkMs.p90], [48, false, null]);
  });

  it('takes the gaps between reads from the receipts', () => {
    const { interChunkMs } = pointOf(dataOf(steadyStage()));
    assert.equal(interChunkMs.samples, 1600);
    assert.ok(Math.abs((interChunkMs.p99 ?? 0) - 30) < 0.3);
    assert.equal(interChunkMs.mean, 30);
  });

  it('shows the course of the stage in twenty slices', () => {
    const { slices, outputTokensPerSecond } = pointOf(dataOf(steadyStage()));
    assert.equal(slices.length, 20);
    assert.equal(outputTokensPerSecond.value, 100);
    assert.deepEqual(rounded(slices[7]), { outputTokensPerSecond: 100, inFlight: 4 });
  });
});
