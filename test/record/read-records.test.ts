import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import { encodeRecords } from '../../lib/record/parquet-file.ts';
import { readRecords } from '../../lib/record/read-records.ts';
import { RecordFileError } from '../../lib/record/record-file-error.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { readStageColumns, stageColumnsOf } from '../../lib/record/stage-columns.ts';
import type { Outcome } from '../../lib/timing/outcome.ts';
import { arbitraryRecord } from './arbitrary-record.ts';
import { rewriteRecords } from './duckdb.ts';
import { plainRequest, request } from './request.ts';

const neverSent = { sentUs: null, settledUs: null, headersUs: null, firstEventUs: null, firstTokenUs: null } as const;

describe('a row that cannot have been a request', () => {
  const corrupt: { why: string; field: Partial<RequestRecord> }[] = [
    { why: 'a stamp is not a number', field: { firstTokenUs: Number.NaN } },
    { why: 'a stamp is infinite', field: { settledUs: Number.POSITIVE_INFINITY } },
    { why: 'due before the stage', field: { dueUs: -1 } },
    { why: 'sent before it was due', field: { dueUs: 1_000_001 } },
    { why: 'first token before the headers', field: { headersUs: 1_300_000 } },
    { why: 'last token before the first', field: { lastTokenUs: 1_199_999 } },
    { why: 'left flight before its end', field: { settledUs: 1_509_999 } },
    { why: 'sent and never settled', field: { settledUs: null } },
    { why: 'settled and never sent', field: { sentUs: null } },
    { why: 'ok though never sent', field: { ...neverSent, firstVisibleTokenUs: null, lastTokenUs: null, endUs: null } },
    { why: 'an outcome that nobody knows', field: { outcome: 'splendid' as Outcome } },
    { why: 'a phase that nobody knows', field: { phase: 'dusk' as 'after' } },
    { why: 'less than no tokens', field: { streamedTokens: -1 } },
    { why: 'tokens in the window that are no number', field: { windowTokens: Number.NaN } },
    { why: 'slices of another window', field: { windowTokensBySlice: [4] } },
    { why: 'a slice that is no number', field: { windowTokensBySlice: new Array<number>(20).fill(Number.NaN) } },
  ];
  for (const { why, field } of corrupt) {
    it(`is left out and counted: ${why}`, async () => {
      const bytes = encodeRecords([plainRequest, request(field), plainRequest]);
      assert.deepEqual(await readRecords(bytes), { records: [plainRequest, plainRequest], rowsCorrupt: 1 });
      const columns = await readStageColumns(bytes);
      assert.deepEqual({ rows: columns.rows, rowsCorrupt: columns.rowsCorrupt }, { rows: 2, rowsCorrupt: 1 });
    });
  }

  const sound: { why: string; field: Partial<RequestRecord> }[] = [
    { why: 'stamps that are equal', field: { dueUs: 1_000_000, headersUs: 1_000_000 } },
    { why: 'an answer without a token', field: { firstTokenUs: null, firstVisibleTokenUs: null, lastTokenUs: null } },
    {
      why: 'a refused connection',
      field: { ...neverSent, firstVisibleTokenUs: null, lastTokenUs: null, endUs: null, outcome: 'connect_error' },
    },
    { why: 'a longer stage than 2^31 µs', field: { settledUs: 2 ** 40 } },
  ];
  for (const { why, field } of sound) {
    it(`is not: ${why}`, async () => {
      assert.deepEqual((await readRecords(encodeRecords([request(field)]))).records, [request(field)]);
    });
  }
});

describe('reading records', () => {
  it('ignores columns it does not know and fills in those that are missing', async () => {
    const bytes = await rewriteRecords(
      [encodeRecords([plainRequest])],
      `select * exclude (unterminated, tlsMs, coalescedEvents, tokenGapsUs), 'x' as newer from records`,
      'paretoken.record.v1',
    );
    assert.deepEqual((await readRecords(bytes)).records, [request({ tokenGapsUs: [] })]);
  });

  it('reads numbers whatever integer type another writer gave them', async () => {
    const bytes = await rewriteRecords(
      [encodeRecords([plainRequest])],
      'select * replace (sentUs::bigint as sentUs, outputTokens::bigint as outputTokens) from records',
      'paretoken.record.v1',
    );
    assert.deepEqual((await readRecords(bytes)).records, [plainRequest]);
    assert.deepEqual(await readStageColumns(bytes), stageColumnsOf([plainRequest]));
  });

  it('counts every row as corrupt when the due time is missing', async () => {
    const bytes = await rewriteRecords(
      [encodeRecords([plainRequest, plainRequest])],
      'select * exclude (dueUs) from records',
      'paretoken.record.v1',
    );
    assert.deepEqual(await readRecords(bytes), { records: [], rowsCorrupt: 2 });
  });

  it('refuses a file of another schema', async () => {
    const bytes = await rewriteRecords([encodeRecords([plainRequest])], 'from records', 'paretoken.record.v2');
    await assert.rejects(readRecords(bytes), { name: 'RecordFileError', code: 'other_schema' });
  });

  it('calls a file cut short anywhere unreadable', async () => {
    const bytes = encodeRecords([plainRequest, plainRequest]);
    for (let length = 0; length < bytes.length; length += 97) {
      await assert.rejects(readRecords(bytes.subarray(0, length)), { name: 'RecordFileError', code: 'unreadable' });
    }
  });

  it('never takes damaged bytes for other requests', async () => {
    const records = Array.from({ length: 40 }, (_, stream) => request({ stream }));
    const bytes = encodeRecords(records);
    const random = seededRandom('damage');
    for (let run = 0; run < 300; run++) {
      const damaged = bytes.slice();
      const place = Math.floor(random() * bytes.length);
      damaged[place] = ((damaged[place] ?? 0) + 1 + Math.floor(random() * 255)) % 256;
      const read = await readRecords(damaged).catch((error) => error);
      if (!(read instanceof RecordFileError)) assert.deepEqual(read.records, records);
    }
  });
});

describe('the columns of a stage', () => {
  it('are the same from a file as from the requests themselves', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRecord, { maxLength: 40 }), async (records) => {
        assert.deepEqual(await readStageColumns(encodeRecords(records)), stageColumnsOf(records));
      }),
      { numRuns: 40 },
    );
  });

  it('hold NaN where a record has null', () => {
    const columns = stageColumnsOf([request({ firstTokenUs: null, streamedTokens: null })]);
    assert.deepEqual([columns.firstTokenUs[0], columns.streamedTokens[0]], [Number.NaN, Number.NaN]);
  });
});
