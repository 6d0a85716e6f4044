import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallServer } from '../../lib/mock/queue-model.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { recordsPrefix } from '../../lib/store/key-layout.ts';
import { queryRecords } from '../record/duckdb.ts';
import { virtualSweep } from './virtual-sweep.ts';

const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 30, outputTokens: 12}
load: {levels: [4, 24], driftCheck: false}
stage: {warmUp: 1s, measure: 10s, drain: 4s}
fleet: {streamsPerWorker: 8}
`);

const sql = `select
  count(*) as requests,
  count(*) filter (outcome = 'ok') as ok,
  quantile_cont((lastTokenUs - sentUs) / 1000, 0.95) filter (outcome = 'ok') as latencyP95,
  quantile_cont((firstTokenUs - sentUs) / 1000, 0.5) filter (outcome = 'ok') as ttftP50,
  avg((lastTokenUs - firstTokenUs) / 1000 / (streamedTokens - 1)) filter (outcome = 'ok') as tpotMean
  from records where phase = 'cohort'`;
const tokensSql = 'select sum(windowTokens) / 10 as outputTokensPerSecond from records';
const gapsSql = `select quantile_cont(gap / 1000, 0.5) as p50, quantile_cont(gap / 1000, 0.99) as p99 from
  (select unnest(tokenGapsUs) as gap from records where phase = 'cohort' and outcome = 'ok') where gap > 0`;

test('DuckDB finds in the records of a sweep what its report says; gaps within 1 %', async () => {
  const faults = [{ kind: 'truncated', share: 0.02 }] as const;
  const { report, store } = await virtualSweep({
    spec,
    mock: { model: { ...smallServer, jitter: 0.3 }, seed: 3, faults },
  });
  assert.deepEqual(
    report.points.map(({ level }) => level),
    [4, 24],
  );
  for (const point of report.points) {
    const keys = await store.list(recordsPrefix('virtual', point.stage));
    const files = await Promise.all(keys.map(async (key) => (await store.get(key)) ?? new Uint8Array()));
    const [row] = await queryRecords(files, sql);
    assert.equal(Number(row?.['requests']), point.requests);
    assert.equal(Number(row?.['ok']), point.ok);
    const near = (found: unknown, told: number | null, share = 1e-9) =>
      assert.ok(told !== null && Math.abs(Number(found) / told - 1) < share, `${String(found)} against ${told}`);
    near(row?.['latencyP95'], point.latencyMs.p95);
    near(row?.['ttftP50'], point.ttftMs.p50);
    near(row?.['tpotMean'], point.tpotMs.mean);
    const [rate] = await queryRecords(files, tokensSql);
    near(rate?.['outputTokensPerSecond'], point.outputTokensPerSecond.value);
    const [gaps] = await queryRecords(files, gapsSql);
    near(gaps?.['p50'], point.interChunkMs.p50, 0.01);
    near(gaps?.['p99'], point.interChunkMs.p99, 0.01);
  }
});
