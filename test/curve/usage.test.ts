import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costOf } from '../../lib/curve/cost.ts';
import type { Usage } from '../../lib/curve/point.ts';
import { pointOf } from '../../lib/curve/point-of.ts';
import { sumOfUsage, usageOf, usageOfPoints } from '../../lib/curve/usage.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { stageColumnsOf } from '../../lib/record/stage-columns.ts';
import { queryRecords } from '../record/duckdb.ts';
import { request } from '../record/request.ts';
import { dataOf, sample } from './sample-stage.ts';

const of = (...records: readonly RequestRecord[]) => usageOf(stageColumnsOf(records), []);

describe('usage counts', () => {
  it('every request that was sent, in whichever phase', () => {
    const usage = of(request({ phase: 'warm_up' }), request({}), request({ phase: 'after' }));
    assert.deepEqual(usage, { requests: 3, inputTokens: 300, outputTokens: 12, requestsWithoutUsage: 0 });
  });

  const cases: readonly { why: string; values: Partial<RequestRecord>; usage: Usage }[] = [
    {
      why: 'a refused request as sent, without a count',
      values: { outcome: 'throttled', inputTokens: null, outputTokens: null, streamedTokens: null },
      usage: { requests: 1, inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 1 },
    },
    {
      why: 'what half a count says',
      values: { outputTokens: null },
      usage: { requests: 1, inputTokens: 100, outputTokens: 0, requestsWithoutUsage: 1 },
    },
    {
      why: 'hidden reasoning, which is paid for though it never streams',
      values: { outputTokens: 900, streamedTokens: 4 },
      usage: { requests: 1, inputTokens: 100, outputTokens: 900, requestsWithoutUsage: 0 },
    },
    {
      why: 'nothing of a request that found no connection',
      values: {
        ...{ outcome: 'connect_error', sentUs: null, settledUs: null, headersUs: null, firstEventUs: null },
        ...{ firstTokenUs: null, firstVisibleTokenUs: null, lastTokenUs: null, endUs: null },
      },
      usage: { requests: 0, inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 0 },
    },
  ];
  for (const { why, values, usage } of cases) it(why, () => assert.deepEqual(of(request(values)), usage));

  it('a request that left no record as one without a count', () => {
    const columns = stageColumnsOf([request({ worker: 0 }), request({ worker: 1 })]);
    const receipts = [
      { worker: 0, requests: 3 },
      { worker: 1, requests: 1 },
      { worker: 2, requests: 5 },
    ];
    assert.deepEqual(usageOf(columns, receipts), {
      requests: 9,
      inputTokens: 200,
      outputTokens: 8,
      requestsWithoutUsage: 7,
    });
  });

  it('what DuckDB counts in the stored records', async () => {
    const stage = sample({ seed: 'usage', failureShare: 0.1 });
    const [row = {}] = await queryRecords(
      [encodeRecords(stage.records)],
      `select count(sentUs) as requests, sum(inputTokens) as input, sum(outputTokens) as output,
         count(*) filter (sentUs is not null and (inputTokens is null or outputTokens is null)) as without from records`,
    );
    assert.deepEqual(pointOf(dataOf(stage)).usage, {
      requests: Number(row['requests']),
      inputTokens: Number(row['input']),
      outputTokens: Number(row['output']),
      requestsWithoutUsage: Number(row['without']),
    });
  });
});

describe('the usage of a sweep', () => {
  const used = (requests: number): Usage => ({
    requests,
    inputTokens: 10 * requests,
    outputTokens: requests,
    requestsWithoutUsage: 0,
  });
  const point = (stages: readonly number[], usage: Usage | null) => ({ stages, usage });

  it('is the sum over its stages, each counted once though a later point holds it as well', () => {
    const points = [
      point([1], used(1)),
      point([2], used(20)),
      point([3], used(300)),
      point([1, 4], used(5)),
      point([1, 4, 5], used(6)),
    ];
    assert.deepEqual(usageOfPoints(points), used(326));
    assert.deepEqual(usageOfPoints(points.toReversed()), used(326));
  });

  it('is nothing of no points, and null where a point does not know', () => {
    assert.deepEqual(usageOfPoints([]), used(0));
    assert.equal(usageOfPoints([point([1], null), point([2], used(1))]), null);
  });

  it('takes a newer point that knows for an older one that does not', () => {
    assert.deepEqual(usageOfPoints([point([1], null), point([1, 2], used(4))]), used(4));
  });

  it('adds field by field', () => assert.deepEqual(sumOfUsage([used(1), used(2)]), used(3)));
});

describe('cost', () => {
  const prices = { inputPerMillion: 0.5, outputPerMillion: 2, currency: 'USD' };
  const usage: Usage = { requests: 10, inputTokens: 3_000_000, outputTokens: 250_000, requestsWithoutUsage: 0 };

  it('is tokens in and out times their prices for a million', () => {
    assert.deepEqual(costOf(usage, prices), { amount: 2, currency: 'USD', isLowerBound: false });
  });

  it('is a lower bound when some requests have no count', () => {
    assert.equal(costOf({ ...usage, requestsWithoutUsage: 1 }, prices)?.isLowerBound, true);
  });

  it('is null without prices or a known usage', () => {
    assert.deepEqual([costOf(usage, null), costOf(null, prices)], [null, null]);
  });
});
