import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { readRecords } from '../../lib/record/read-records.ts';
import { recordColumnNames } from '../../lib/record/record-columns.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { arbitraryRecord } from './arbitrary-record.ts';
import { queryRecords } from './duckdb.ts';
import { plainRequest, request } from './request.ts';

describe('a file of records', () => {
  it('gives back every request as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRecord, { maxLength: 60 }), async (records) => {
        assert.deepEqual(await readRecords(encodeRecords(records)), { records, rowsCorrupt: 0 });
      }),
      { numRuns: 60 },
    );
  });

  it('gives back more requests than a page of a column holds', async () => {
    const records = Array.from({ length: 2000 }, (_, stream) =>
      request({ stream, requestId: `s0001-w0000-${stream}-0`, tokenGapsUs: new Array<number>(300).fill(stream) }),
    );
    assert.deepEqual((await readRecords(encodeRecords(records))).records, records);
  });

  const rewritten: { why: string; field: Partial<RequestRecord>; read: Partial<RequestRecord> }[] = [
    { why: 'a count too large for int32 is no count', field: { outputTokens: 2 ** 31 }, read: { outputTokens: null } },
    { why: 'half a token is no count', field: { inputTokens: 1.5 }, read: { inputTokens: null } },
    { why: 'a gap over 35 minutes', field: { tokenGapsUs: [2 ** 31, 5] }, read: { tokenGapsUs: [2 ** 31 - 1, 5] } },
  ];
  for (const { why, field, read } of rewritten) {
    it(`keeps a request whose value does not fit its column: ${why}`, async () => {
      const { records } = await readRecords(encodeRecords([request(field)]));
      assert.deepEqual(records, [request(read)]);
    });
  }

  it('is read by DuckDB with its own names, numbers and lists', async () => {
    const late = 2 ** 33 + 1;
    const records = [plainRequest, request({ worker: 1, sentUs: null, settledUs: late, windowTokensBySlice: null })];
    const rows = await queryRecords([encodeRecords(records)], 'select * from records order by worker');
    assert.deepEqual(Object.keys(rows[0] ?? {}), recordColumnNames);
    const plain = (row: Record<string, unknown> | undefined) =>
      JSON.parse(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
    assert.deepEqual(rows.map(plain), records);
  });

  it('names its schema in the metadata of the file', async () => {
    const rows = await queryRecords(
      [encodeRecords([plainRequest])],
      `select decode(key) as key, decode(value) as value from parquet_kv_metadata('{files}') where decode(key) = 'schema'`,
    );
    assert.deepEqual(rows, [{ key: 'schema', value: 'paretoken.record.v1' }]);
  });
});
