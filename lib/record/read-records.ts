import { type DecodedColumns, decodeColumns } from './decode-columns.ts';
import { type ColumnKind, type RecordColumn, recordColumnNames, recordColumns } from './record-columns.ts';
import type { RequestRecord } from './request-record.ts';
import { isSoundRow, numberIn } from './sound-row.ts';

/** What a file of records held. */
export interface ReadRecords {
  readonly records: readonly RequestRecord[];
  /** Rows left out because they can't have been requests. */
  readonly rowsCorrupt: number;
}

/**
 * All requests of one file. Columns that are not known are ignored; one that is missing reads as null, or as false,
 * 0, '' or [] where a record has no null. Throws a RecordFileError.
 */
export async function readRecords(bytes: Uint8Array): Promise<ReadRecords> {
  const decoded = await decodeColumns(bytes, recordColumnNames);
  const records: RequestRecord[] = [];
  for (let row = 0; row < decoded.rows; row++) {
    if (isSoundRow(decoded, row)) records.push(recordAt(decoded, row));
  }
  return { records, rowsCorrupt: decoded.rows - records.length };
}

function recordAt(decoded: DecodedColumns, row: number): RequestRecord {
  const cells = recordColumnNames.map((name) => [name, cellAt(decoded, name, row)] as const);
  return Object.fromEntries(cells) as unknown as RequestRecord;
}

const neutral: Readonly<Record<ColumnKind, unknown>> = {
  string: '',
  boolean: false,
  us: 0,
  count: 0,
  number: 0,
  counts: [],
  numbers: [],
};

function cellAt({ columns }: DecodedColumns, name: RecordColumn, row: number): unknown {
  const { kind, nullable } = recordColumns[name];
  const cell = columns[name]?.[row] ?? null;
  if (cell === null) return nullable ? null : neutral[kind];
  return typeof cell === 'bigint' ? numberIn(columns[name], row) : cell;
}
