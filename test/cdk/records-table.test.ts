import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { fileStore } from '../../lib/store/file-store.ts';
import { recordsKey } from '../../lib/store/key-layout.ts';
import { codeBlocks, doc, section } from '../docs/markdown.ts';
import { queryRecords } from '../record/duckdb.ts';
import { plainRequest, request } from '../record/request.ts';
import { templateWith } from './synthesize.ts';

const template = templateWith({ athena: true });
const [table] = Object.values(template.findResources('AWS::Glue::Table')).map(
  ({ Properties }) => Properties.TableInput,
);

/** What Athena calls the types that DuckDB finds in a file. */
const athenaTypes: Readonly<Record<string, string>> = {
  VARCHAR: 'string',
  BOOLEAN: 'boolean',
  DOUBLE: 'double',
  INTEGER: 'int',
  'INTEGER[]': 'array<int>',
  'DOUBLE[]': 'array<double>',
};

describe('the table over the records', () => {
  it('has the columns that a file of records has, in their order, as DuckDB reads them', async () => {
    const found = await queryRecords([encodeRecords([plainRequest])], 'describe records');
    assert.deepEqual(
      table.StorageDescriptor.Columns,
      found.map((column) => ({
        Name: String(column['column_name']).toLowerCase(),
        Type: athenaTypes[String(column['column_type'])],
      })),
    );
  });

  it('has no column whose name is that of another in lower case', () => {
    const names = table.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name);
    assert.equal(new Set([...names, 'sweep', 'stage']).size, names.length + 2);
  });

  it('finds its files where records are written', () => {
    const [bucketText, { Ref: bucket }, path] = table.Parameters['storage.location.template']['Fn::Join'][1];
    assert.equal(bucketText, 's3://');
    assert.ok(bucket in template.findResources('AWS::S3::Bucket'));
    const { 'projection.stage.digits': digits, 'projection.sweep.type': sweepType } = table.Parameters;
    const place = path.replace(/\$\{sweep\}/, 's1').replace(/\$\{stage\}/, '7'.padStart(Number(digits), '0'));
    assert.equal(`/${recordsKey('s1', 7, 0, 0)}`, `${place}w0000-0.parquet`);
    assert.equal(sweepType, 'injected');
  });
});

describe('the queries of docs/deploy.md, run by DuckDB with Athena’s names', () => {
  const queries = codeBlocks(section(doc('deploy.md'), '## Records with Athena'), 'sql');
  let folder: string;
  let instance: DuckDBInstance;
  let connection: DuckDBConnection;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paretoken-athena-'));
    const store = fileStore(folder);
    const failed = { outcome: 'throttled', httpStatus: 429, message: 'slow down', lastTokenUs: null } as const;
    for (const [sweep, slowdown] of [
      ['20261122T030000Z-nightly', 1],
      ['20261123T030000Z-nightly', 2],
    ] as const) {
      const rows = [1, 2, 3].map((_, ordinal) => request({ ordinal, lastTokenUs: 1_000_000 + 500_000 * slowdown }));
      await store.put(recordsKey(sweep, 0, 0, 0), encodeRecords([plainRequest]));
      await store.put(recordsKey(sweep, 1, 0, 0), encodeRecords(rows));
      await store.put(recordsKey(sweep, 2, 0, 0), encodeRecords([...rows, request({ ...failed, ordinal: 3 })]));
    }
    instance = await DuckDBInstance.create();
    connection = await instance.connect();
    await connection.run('create schema paretoken');
    await connection.run(
      `create view paretoken.records as select * from read_parquet('${folder}/records/*/*/*.parquet',
        hive_partitioning = true, hive_types = {'sweep': varchar, 'stage': varchar})`,
    );
    // Athena's functions of other names.
    await connection.run('create macro approx_percentile(x, share) as quantile_cont(x, share)');
  });
  after(async () => {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  });

  const run = async (query: number) => {
    const rows = await connection.runAndReadAll(queries[query] ?? '');
    return rows
      .getRowObjectsJS()
      .map((row) => Object.values(row).map((value) => (typeof value === 'bigint' ? Number(value) : value)));
  };

  it('there are three, and each names its sweeps, as an injected partition must be', () => {
    assert.equal(queries.length, 3);
    for (const query of queries) assert.match(query, /where sweep (=|in)/);
  });

  it('latencies of each level, without the probe', async () => {
    assert.deepEqual(await run(0), [
      ['0001', 3, 500, 200],
      ['0002', 3, 500, 200],
    ]);
  });

  it('what failed, in the endpoint’s words', async () => {
    assert.deepEqual(await run(1), [['0002', 'throttled', 429, 'slow down', 1]]);
  });

  it('two nights beside each other', async () => {
    assert.deepEqual(await run(2), [
      ['0001', 500, 1000],
      ['0002', 500, 1000],
    ]);
  });
});
