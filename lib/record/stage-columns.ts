import type { Outcome } from '../timing/outcome.ts';
import { type DecodedColumns, decodeColumns } from './decode-columns.ts';
import { type RecordColumn, recordColumnNames } from './record-columns.ts';
import { type Phase, type RequestRecord, slicesPerWindow } from './request-record.ts';
import { isSoundRow, numberIn } from './sound-row.ts';

const numberColumns = [
  'worker',
  'dueUs',
  'sentUs',
  'headersUs',
  'firstTokenUs',
  'firstVisibleTokenUs',
  'lastTokenUs',
  'endUs',
  'settledUs',
  'askedInputTokens',
  'inputTokens',
  'outputTokens',
  'streamedTokens',
  'tokenReads',
  'windowTokens',
] as const satisfies readonly RecordColumn[];

const flagColumns = [
  'streamed',
  'buffered',
  'socketReused',
  'coldConnection',
] as const satisfies readonly RecordColumn[];

type NumberColumn = (typeof numberColumns)[number];
type FlagColumn = (typeof flagColumns)[number];

/**
 * What a stage is reduced from: of each request the columns that points are made of, one array per column, a request
 * per place. NaN stands where a record has null, 0 where a flag is null or false. Token gaps are not among them, so
 * the cost grows with requests, not with tokens.
 */
export type StageColumns = Readonly<Record<NumberColumn, Float64Array>> &
  Readonly<Record<FlagColumn, Uint8Array>> & {
    readonly rows: number;
    readonly phase: readonly Phase[];
    readonly outcome: readonly Outcome[];
    readonly outcomeDetail: readonly (string | null)[];
    readonly message: readonly (string | null)[];
    /** Output tokens in each slice of the window, summed over all requests. */
    readonly tokensBySlice: readonly number[];
    /** Rows left out because they can't have been requests. */
    readonly rowsCorrupt: number;
  };

const wanted: readonly RecordColumn[] = [
  ...numberColumns,
  ...flagColumns,
  'phase',
  'outcome',
  'outcomeDetail',
  'message',
  'firstEventUs',
  'windowTokensBySlice',
];

/** The columns of one file of records; throws a RecordFileError. */
export async function readStageColumns(bytes: Uint8Array): Promise<StageColumns> {
  return soundColumns(await decodeColumns(bytes, wanted));
}

/** The columns of requests that are at hand. */
export function stageColumnsOf(records: readonly RequestRecord[]): StageColumns {
  const columns = Object.fromEntries(recordColumnNames.map((name) => [name, records.map((record) => record[name])]));
  return soundColumns({ rows: records.length, columns });
}

function soundColumns(decoded: DecodedColumns): StageColumns {
  const sound: number[] = [];
  for (let row = 0; row < decoded.rows; row++) if (isSoundRow(decoded, row)) sound.push(row);
  const { columns } = decoded;
  const texts = (name: RecordColumn) => sound.map((row) => textIn(columns[name], row));
  const rowAt = (place: number) => sound[place] ?? 0;
  return {
    rows: sound.length,
    ...columnsBy(numberColumns, (name) =>
      new Float64Array(sound.length).map((_, place) => numberIn(columns[name], rowAt(place)) ?? Number.NaN),
    ),
    ...columnsBy(flagColumns, (name) =>
      new Uint8Array(sound.length).map((_, place) => (columns[name]?.[rowAt(place)] === true ? 1 : 0)),
    ),
    phase: texts('phase') as Phase[],
    outcome: texts('outcome') as Outcome[],
    outcomeDetail: texts('outcomeDetail'),
    message: texts('message'),
    tokensBySlice: sumOfSlices(columns.windowTokensBySlice, sound),
    rowsCorrupt: decoded.rows - sound.length,
  };
}

/** The columns of several files or workers, one after another. */
export function joinStageColumns(parts: readonly StageColumns[]): StageColumns {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  return {
    rows,
    ...columnsBy(numberColumns, (name) =>
      joined(
        new Float64Array(rows),
        parts.map((part) => part[name]),
      ),
    ),
    ...columnsBy(flagColumns, (name) =>
      joined(
        new Uint8Array(rows),
        parts.map((part) => part[name]),
      ),
    ),
    phase: parts.flatMap(({ phase }) => phase),
    outcome: parts.flatMap(({ outcome }) => outcome),
    outcomeDetail: parts.flatMap(({ outcomeDetail }) => outcomeDetail),
    message: parts.flatMap(({ message }) => message),
    tokensBySlice: Array.from({ length: slicesPerWindow }, (_, slice) =>
      parts.reduce((sum, { tokensBySlice }) => sum + (tokensBySlice[slice] ?? 0), 0),
    ),
    rowsCorrupt: parts.reduce((sum, part) => sum + part.rowsCorrupt, 0),
  };
}

/** The same requests in the order of `places`. */
export function reorderStageColumns(columns: StageColumns, places: Uint32Array): StageColumns {
  const texts = <T>(cells: readonly T[]) => cells.map((_, row) => cells[places[row] ?? 0] as T);
  return {
    ...columns,
    ...columnsBy(numberColumns, (name) => columns[name].map((_, row) => columns[name][places[row] ?? 0] ?? Number.NaN)),
    ...columnsBy(flagColumns, (name) => columns[name].map((_, row) => columns[name][places[row] ?? 0] ?? 0)),
    phase: texts(columns.phase),
    outcome: texts(columns.outcome),
    outcomeDetail: texts(columns.outcomeDetail),
    message: texts(columns.message),
  };
}

function columnsBy<N extends string, A>(names: readonly N[], column: (name: N) => A): Record<N, A> {
  return Object.fromEntries(names.map((name) => [name, column(name)])) as Record<N, A>;
}

function joined<A extends Float64Array | Uint8Array>(into: A, parts: readonly ArrayLike<number>[]): A {
  let at = 0;
  for (const part of parts) {
    into.set(part, at);
    at += part.length;
  }
  return into;
}

function textIn(column: ArrayLike<unknown> | undefined, row: number): string | null {
  const cell = column?.[row];
  return typeof cell === 'string' ? cell : null;
}

function sumOfSlices(column: ArrayLike<unknown> | undefined, rows: readonly number[]): number[] {
  const sums = new Array<number>(slicesPerWindow).fill(0);
  for (const row of rows) {
    const slices = column?.[row];
    if (!Array.isArray(slices)) continue;
    for (let slice = 0; slice < slicesPerWindow; slice++) sums[slice] = (sums[slice] ?? 0) + Number(slices[slice]);
  }
  return sums;
}
