import { zstdCompressSync } from 'node:zlib';
import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import { checksumKey, emptyChecksum, sealed } from './file-checksum.ts';
import { type ColumnKind, type RecordColumn, recordColumnNames, recordColumns, schemaName } from './record-columns.ts';
import type { RequestRecord } from './request-record.ts';

type Cell = RequestRecord[RecordColumn];

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 } as const;

/**
 * One Parquet file of requests, `paretoken.record.v1`: ZSTD, one row group, the columns of `recordColumns` in camel
 * case. A nullable count outside int32 is written as null, a gap above it as its largest value. The metadata of the
 * file names the schema and holds the file's checksum.
 */
export function encodeRecords(records: readonly RequestRecord[]): Uint8Array<ArrayBuffer> {
  const buffer = parquetWriteBuffer({
    columnData: recordColumnNames.map((name) => columnData(name, records)),
    schema: [{ name: 'root', num_children: recordColumnNames.length }, ...recordColumnNames.flatMap(schemaOf)],
    codec: 'ZSTD',
    compressors: { ZSTD: (page) => zstdCompressSync(page, { chunkSize: outputChunk(page.length) }) },
    rowGroupSize: Math.max(1, records.length),
    kvMetadata: [
      { key: 'schema', value: schemaName },
      { key: checksumKey, value: emptyChecksum },
    ],
    createdBy: 'paretoken',
  });
  return sealed(new Uint8Array(buffer));
}

/** Bytes that Node sets aside at a time for what it compresses: its own 16 KiB, or less where a page is smaller. */
function outputChunk(pageBytes: number): number {
  return Math.min(16_384, Math.max(64, pageBytes));
}

function columnData(name: RecordColumn, records: readonly RequestRecord[]): ColumnSource {
  const { kind } = recordColumns[name];
  const data = records.map((record) => cellOf(kind, record[name]));
  // A dictionary or bounds of measured numbers cost more time than they save bytes.
  return kind === 'string' ? { name, data, offsetIndex: false } : plain(name, kind, data);
}

function plain(name: string, kind: ColumnKind, data: Cell[]): ColumnSource {
  const packed = kind === 'count' || kind === 'counts';
  return {
    name,
    data,
    offsetIndex: false,
    statistics: false,
    ...(packed ? { encoding: 'DELTA_BINARY_PACKED' } : kind === 'boolean' ? {} : { encoding: 'PLAIN' }),
  };
}

function cellOf(kind: ColumnKind, cell: Cell): Cell {
  if (kind === 'count') return cell === null || fitsInt32(cell) ? cell : null;
  if (kind !== 'counts' && kind !== 'numbers') return cell;
  if (!Array.isArray(cell)) return null;
  return kind === 'numbers' || cell.every(fitsInt32) ? cell : cell.map((gap) => Math.min(gap, int32.most));
}

function fitsInt32(value: Cell): boolean {
  return Number.isInteger(value) && Number(value) >= int32.least && Number(value) <= int32.most;
}

const physical = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
  us: { type: 'DOUBLE' },
  number: { type: 'DOUBLE' },
  count: { type: 'INT32' },
  counts: { type: 'INT32' },
  numbers: { type: 'DOUBLE' },
} as const satisfies Record<ColumnKind, Omit<SchemaElement, 'name'>>;

function schemaOf(name: RecordColumn): SchemaElement[] {
  const { kind, nullable } = recordColumns[name];
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  if (kind !== 'counts' && kind !== 'numbers') return [{ name, repetition_type, ...physical[kind] }];
  return [
    { name, repetition_type, converted_type: 'LIST', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...physical[kind] },
  ];
}
