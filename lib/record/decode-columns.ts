import { zstdDecompressSync } from 'node:zlib';
import { type FileMetaData, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { isIntact } from './file-checksum.ts';
import { type RecordColumn, schemaName } from './record-columns.ts';
import { RecordFileError } from './record-file-error.ts';

/** Columns of a file as they were stored, unchecked; a column that the file does not have is not there. */
export interface DecodedColumns {
  readonly rows: number;
  readonly columns: { readonly [name in RecordColumn]?: ArrayLike<unknown> };
}

/** Reads the named columns of one file and no others; throws a RecordFileError, and nothing else. */
export async function decodeColumns(bytes: Uint8Array, names: readonly RecordColumn[]): Promise<DecodedColumns> {
  try {
    return await decode(bytes, names);
  } catch (error) {
    if (error instanceof RecordFileError) throw error;
    throw new RecordFileError('unreadable', 'The file of records is cut short or damaged.', { cause: error });
  }
}

async function decode(bytes: Uint8Array, names: readonly RecordColumn[]): Promise<DecodedColumns> {
  // Damaged pages could make the decoder run on without an end. Files of other writers carry no checksum.
  if (isIntact(bytes) === false) throw new Error('the checksum does not fit');
  const file = {
    byteLength: bytes.byteLength,
    slice: (start: number, end?: number) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
  const metadata = await parquetMetadataAsync(file);
  refuseOtherSchema(metadata);
  const scan = await parquetScan({ file, metadata, compressors: { ZSTD: decompress }, useOffsetIndex: false });
  const rows = Number(metadata.num_rows);
  const stored = new Set(metadata.row_groups[0]?.columns.map(({ meta_data }) => meta_data?.path_in_schema[0]));
  const columns: { [name in RecordColumn]?: ArrayLike<unknown> } = {};
  for (const column of names) {
    if (!stored.has(column)) continue;
    const groups = await Promise.all(scan.ranges.map((range) => scan.readColumn({ column, ...range })));
    const cells = groups.length === 1 && groups[0] ? groups[0] : groups.flatMap((group) => Array.from(group));
    if (cells.length !== rows) throw new RangeError(`column ${column} has ${cells.length} cells in ${rows} rows`);
    columns[column] = cells;
  }
  return { rows, columns };
}

function refuseOtherSchema({ key_value_metadata }: FileMetaData): void {
  const schema = key_value_metadata?.find(({ key }) => key === 'schema')?.value;
  if (schema === schemaName) return;
  throw new RecordFileError(
    'other_schema',
    `The file says its schema is ${schema ?? 'nothing known'}; ${schemaName} can be read.`,
  );
}

function decompress(page: Uint8Array, length: number): Uint8Array {
  return zstdDecompressSync(page, { maxOutputLength: Math.max(1, length) });
}
