import { outcomes } from '../timing/outcome.ts';
import type { DecodedColumns } from './decode-columns.ts';
import type { RecordColumn } from './record-columns.ts';
import { phases, slicesPerWindow } from './request-record.ts';

/** The stamps of a request in the order in which they can happen. */
const stampOrder = [
  'dueUs',
  'sentUs',
  'headersUs',
  'firstEventUs',
  'firstTokenUs',
  'firstVisibleTokenUs',
  'lastTokenUs',
  'endUs',
  'settledUs',
] as const satisfies readonly RecordColumn[];

const amounts = [
  'inputTokens',
  'outputTokens',
  'streamedTokens',
  'tokenReads',
  'windowTokens',
] as const satisfies readonly RecordColumn[];

const knownOutcomes: ReadonlySet<unknown> = new Set(outcomes);
const knownPhases: ReadonlySet<unknown> = new Set(phases);

/**
 * Whether a stored row can have been a request: a known outcome and phase, a due time, stamps that are numbers, not
 * negative and never falling, sent and settled both or neither (both of an ok answer), amounts no less than 0.
 */
export function isSoundRow({ columns }: DecodedColumns, row: number): boolean {
  if (!knownOutcomes.has(columns.outcome?.[row]) || !knownPhases.has(columns.phase?.[row])) return false;
  if (!stampsRise(columns, row)) return false;
  const sent = numberIn(columns.sentUs, row) !== null;
  if (numberIn(columns.dueUs, row) === null || sent !== (numberIn(columns.settledUs, row) !== null)) return false;
  if (columns.outcome?.[row] === 'ok' && !sent) return false;
  return amounts.every((name) => isAmount(numberIn(columns[name], row))) && slicesAreSound(columns, row);
}

function stampsRise(columns: DecodedColumns['columns'], row: number): boolean {
  let latest = 0;
  for (const name of stampOrder) {
    const stamp = numberIn(columns[name], row);
    if (stamp === null) continue;
    if (!(stamp >= latest && stamp < Number.POSITIVE_INFINITY)) return false;
    latest = stamp;
  }
  return true;
}

function slicesAreSound(columns: DecodedColumns['columns'], row: number): boolean {
  const slices = columns.windowTokensBySlice?.[row] ?? null;
  if (slices === null) return true;
  return Array.isArray(slices) && slices.length === slicesPerWindow && slices.every(isAmount);
}

function isAmount(value: number | null): boolean {
  return value === null || (value >= 0 && value < Number.POSITIVE_INFINITY);
}

/** A stored number, whatever integer type it was kept as; null where there is none, NaN for what is no number. */
export function numberIn(column: ArrayLike<unknown> | undefined, row: number): number | null {
  const cell = column?.[row];
  if (typeof cell === 'number') return cell;
  if (cell === null || cell === undefined) return null;
  return typeof cell === 'bigint' ? Number(cell) : Number.NaN;
}
