import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Rows of a query; `records` in it names the given files of records as one table, `{files}` the files themselves. */
export async function queryRecords(files: readonly Uint8Array[], sql: string): Promise<Record<string, unknown>[]> {
  return withRecords(files, async (connection, folder) => {
    const reader = await connection.runAndReadAll(sql.replaceAll('{files}', `${folder}/*.parquet`));
    return reader.getRowObjectsJS();
  });
}

/** A file written by DuckDB from a query over files of records, with the name of a schema in its metadata. */
export async function rewriteRecords(files: readonly Uint8Array[], sql: string, schema: string): Promise<Uint8Array> {
  return withRecords(files, async (connection, folder) => {
    const target = join(folder, 'rewritten');
    await connection.run(`copy (${sql}) to '${target}' (format parquet, kv_metadata {schema: '${schema}'})`);
    return readFile(target);
  });
}

async function withRecords<T>(
  files: readonly Uint8Array[],
  use: (connection: DuckDBConnection, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'records-'));
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await Promise.all(files.map((bytes, index) => writeFile(join(folder, `${index}.parquet`), bytes)));
    await connection.run(`create view records as select * from read_parquet('${folder}/*.parquet')`);
    return await use(connection, folder);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
