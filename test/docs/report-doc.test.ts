import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import { curveCsv } from '../../lib/report/curve-csv.ts';
import type { Report } from '../../lib/report/report.ts';
import { reportFiles } from '../../lib/report/report-files.ts';
import { summaryOf } from '../../lib/report/summary.ts';
import { fileStore } from '../../lib/store/file-store.ts';
import { getJson } from '../../lib/store/json.ts';
import { reportKey } from '../../lib/store/key-layout.ts';
import { storedSweep } from '../aggregator/stored-sweep.ts';
import { sample } from '../curve/sample-stage.ts';
import { drawLast } from '../report/draw-last.ts';
import { sampleReport } from '../report/sample-report.ts';
import { codeBlocks, doc, section, table } from './markdown.ts';

const page = doc('report.md');

/** `a_{b,c}` as `a_b` and `a_c`. */
function unfolded(name: string): string[] {
  const braces = /\{([^}]*)\}/.exec(name);
  if (!braces) return [name];
  return (braces[1] ?? '').split(',').flatMap((part) => unfolded(name.replace(braces[0], part)));
}

describe('docs/report.md', () => {
  it('names every file of a report', async () => {
    const files = [...(await reportFiles(sampleReport())).keys()];
    assert.deepEqual(
      table(page, 'file')
        .map(([file = '']) => file.replaceAll('`', ''))
        .sort(),
      files.sort(),
    );
  });

  it('names every column of curve.csv', () => {
    const told = /<!-- columns -->([\s\S]*)<!-- end of columns -->/.exec(page)?.[1] ?? '';
    const names = [...told.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => unfolded(name));
    const header = curveCsv(sampleReport()).split('\r\n')[0]?.split(',') ?? [];
    assert.deepEqual(names.sort(), header.sort());
  });

  it('names every field of summary.json', () => {
    const told = section(page, '## summary.json');
    for (const field of Object.keys(summaryOf(sampleReport()))) assert.ok(told.includes(`\`${field}\``), field);
  });
});

describe('the queries of docs/report.md, run by DuckDB', () => {
  let folder: string;
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;
  let report: Report;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paretoken-docs-'));
    const kept = await storedSweep(
      sample({ seed: 'calm', design: { stage: 1, level: 16, workers: 2 } }),
      sample({ seed: 'troubled', design: { stage: 2, level: 32, workers: 2 }, failureShare: 0.1 }),
    );
    const store = fileStore(folder);
    for (const key of kept.keys()) await store.put(key, (await kept.get(key)) ?? '');
    const aggregator = storeAggregator({ store, nowEpochMs: () => 2_000_000, draw: drawLast });
    for (const stage of [0, 1, 2]) await aggregator.aggregate('test', stage);
    await aggregator.conclude('test', { reason: 'done', detail: null });
    report = (await getJson<Report>(store, reportKey('test', 'report.json'))) as Report;
    instance = await DuckDBInstance.create();
    connection = await instance.connect();
  });
  after(async () => {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  });

  const queries = codeBlocks(page, 'sql');
  const run = async (query: number) => {
    const sql = (queries[query] ?? '')
      .replaceAll("'results/", `'${folder}/`)
      .replaceAll(/sweep = '[^']+'/g, "sweep = 'test'");
    const rows = await connection.runAndReadAll(sql);
    return JSON.parse(
      JSON.stringify(rows.getRowObjectsJS(), (_, value) => (typeof value === 'bigint' ? Number(value) : value)),
    ) as Record<string, number | string | null>[];
  };

  it('there are three', () => assert.equal(queries.length, 3));

  it('latencies of each level: as in report.json', async () => {
    const rows = await run(0);
    assert.deepEqual(
      rows.map((row) => row['stage']),
      ['0001', '0002'],
    );
    for (const [index, point] of report.points.entries()) {
      assert.equal(rows[index]?.['ok'], point.ok);
      assert.ok(point.latencyMs.p50 !== null && point.ttftMs.p95 !== null);
      assert.ok(Math.abs(Number(rows[index]?.['latency_p50_ms']) - point.latencyMs.p50) < 1e-6);
      assert.ok(Math.abs(Number(rows[index]?.['ttft_p95_ms']) - point.ttftMs.p95) < 1e-6);
    }
  });

  it('what failed: as many as in report.json', async () => {
    const rows = await run(1);
    const failed = rows.filter((row) => row['stage'] === '0002').reduce((sum, row) => sum + Number(row['requests']), 0);
    const cohort = report.points[1];
    assert.ok(cohort && failed >= cohort.requests - cohort.ok && failed > 0);
    assert.deepEqual(Object.keys(rows[0] ?? {}), [
      'stage',
      'outcome',
      'outcomeDetail',
      'httpStatus',
      'message',
      'requests',
    ]);
  });

  it('longest gaps by second: one row for each second of the level', async () => {
    const rows = await run(2);
    assert.ok(rows.length >= 20);
    assert.ok(rows.every((row) => Number(row['longest_gap_ms']) > 0));
  });
});
