import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  cohortTimeOf,
  completenessOf,
  inFlightOf,
  missingShareOf,
  settledSecondsOf,
} from '../../lib/curve/in-flight.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { windowOf } from '../../lib/curve/window.ts';
import type { Receipt } from '../../lib/record/receipt.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { stageColumnsOf } from '../../lib/record/stage-columns.ts';
import { request } from '../record/request.ts';
import { dataOf, receiptsOf, sample, sampleStage } from './sample-stage.ts';

const bare = {
  headersUs: null,
  firstEventUs: null,
  firstTokenUs: null,
  firstVisibleTokenUs: null,
  lastTokenUs: null,
  endUs: null,
} as const;

/** A request in flight between two moments in milliseconds. */
function flight(fromMs: number, toMs: number, values: Partial<RequestRecord> = {}): RequestRecord {
  return request({ ...bare, dueUs: 0, sentUs: fromMs * 1000, settledUs: toMs * 1000, ...values });
}

/** Of the cohort's request-time the share with fewer than 95 % of the level in flight, millisecond by millisecond. */
function emptiedByStepping(records: readonly RequestRecord[], level: number, untilMs: number): number | null {
  let whole = 0;
  let emptied = 0;
  for (let ms = 0; ms < untilMs; ms++) {
    const flying = records.filter(
      ({ sentUs, settledUs }) => (sentUs ?? 0) <= ms * 1000 && (settledUs ?? 0) >= (ms + 1) * 1000,
    );
    const cohort = flying.filter(({ phase }) => phase === 'cohort').length;
    whole += cohort;
    if (flying.length < 0.95 * level) emptied += cohort;
  }
  return whole === 0 ? null : emptied / whole;
}

const emptiedShare = (records: readonly RequestRecord[], level: number) => {
  const { emptiedUs, wholeUs } = cohortTimeOf(stageColumnsOf(records), level);
  return wholeUs === 0 ? null : emptiedUs / wholeUs;
};

describe('the emptied share', () => {
  it('is the cohort’s request-time with less than 95 % of the level in flight', () => {
    const flights = fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.constantFrom('warm_up', 'cohort', 'after')), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(flights, fc.integer({ min: 1, max: 6 }), (spans, level) => {
        const records = spans.map(([from, length, phase]) => flight(from, from + length, { phase }));
        const expected = emptiedByStepping(records, level, 130);
        const found = emptiedShare(records, level);
        if (expected === null) assert.equal(found, null);
        else assert.ok(Math.abs((found ?? Number.NaN) - expected) < 1e-9, `${found} instead of ${expected}`);
      }),
    );
  });

  it('takes 95 % of the level as held', () => {
    const nineteen = Array.from({ length: 19 }, () => flight(0, 10));
    assert.equal(emptiedShare(nineteen, 20), 0);
    assert.equal(emptiedShare(nineteen.slice(1), 20), 1);
  });

  it('is null of requests that were never sent', () => {
    const refused = request({ ...bare, sentUs: null, settledUs: null, outcome: 'connect_error' });
    assert.equal(emptiedShare([refused], 1), null);
  });
});

const stage = sampleStage({ level: 3, workers: 2, warmUpMs: 0, windowMs: 1000 });
const window = windowOf(stage);
const inFlight = (records: readonly RequestRecord[], receipts: readonly Receipt[]) => {
  const run = inFlightOf(stageColumnsOf(records), receipts, window);
  return {
    mean: run.seconds / window.seconds,
    bySlice: run.secondsBySlice.map((seconds) => seconds / (window.seconds / run.secondsBySlice.length)),
    completeness: completenessOf([run]),
    missingShare: missingShareOf([run]),
  };
};

describe('requests in flight', () => {
  const records = [flight(0, 500, { worker: 0 }), flight(900, 3000, { worker: 1 }), flight(0, 1000, { worker: 1 })];

  it('are averaged over the window and over each of its slices', () => {
    const { mean, bySlice } = inFlight(records, receiptsOf(stage, records));
    assert.equal(mean.toFixed(9), '1.600000000');
    const expected = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2];
    assert.deepEqual(
      bySlice.map((held) => Number(held.toFixed(9))),
      expected,
    );
  });

  it('are complete when the gauge and the records agree', () => {
    const { completeness, missingShare } = inFlight(records, receiptsOf(stage, records));
    assert.deepEqual([completeness?.toFixed(9), missingShare?.toFixed(9)], ['1.000000000', '0.000000000']);
  });

  it('are taken from the gauge when records are lost', () => {
    const { mean, completeness, missingShare } = inFlight(records.slice(0, 2), receiptsOf(stage, records));
    assert.deepEqual(
      [mean, completeness, missingShare].map((x) => x?.toFixed(6)),
      ['1.600000', '0.375000', '0.625000'],
    );
  });

  it('are taken from the records of a worker that left no receipt', () => {
    const [first] = receiptsOf(stage, records);
    const { mean, completeness } = inFlight(records, first ? [first] : []);
    assert.deepEqual([mean.toFixed(6), completeness?.toFixed(6)], ['1.600000', '1.000000']);
  });

  it('do not make up for one worker’s missing records with another’s', () => {
    const swapped = [{ ...records[0], worker: 1 }, { ...records[1], worker: 0 }, records[2]] as RequestRecord[];
    const { completeness, missingShare } = inFlight(swapped, receiptsOf(stage, records));
    assert.equal(completeness?.toFixed(6), '1.000000');
    assert.ok((missingShare ?? 0) > 0.3);
  });

  it('are unknown in completeness without any', () => {
    assert.deepEqual(inFlight([], []).completeness, null);
    assert.deepEqual(inFlight([], receiptsOf(stage, [])).missingShare, null);
  });
});

describe("Little's law", () => {
  it('holds for a load that never ends: λ·W ÷ L is near 1', () => {
    const { stage, records } = sample({ design: { level: 8, windowMs: 40_000 } });
    const ratio = settledSecondsOf(stageColumnsOf(records), windowOf(stage)) / (8 * windowOf(stage).seconds);
    assert.ok(Math.abs(ratio - 1) < 0.02, `${ratio}`);
  });

  it('says nothing without requests', () => {
    assert.equal(settledSecondsOf(stageColumnsOf([]), window), 0);
    assert.equal(pointOf(dataOf({ stage, records: [], receipts: [] })).client.little, null);
  });
});
