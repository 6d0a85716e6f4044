import { isEarlierRun } from '../curve/pool.ts';
import type { StageData } from '../curve/run.ts';
import { type Window, windowOf } from '../curve/window.ts';
import type { Stage } from '../plan/stage.ts';
import { readRecords } from '../record/read-records.ts';
import type { Receipt } from '../record/receipt.ts';
import { RecordFileError } from '../record/record-file-error.ts';
import { joinStageColumns, readStageColumns, type StageColumns, stageColumnsOf } from '../record/stage-columns.ts';
import { withWindowTokens } from '../record/window-tokens.ts';
import { getJson } from '../store/json.ts';
import { receiptsPrefix, recordsPrefix, stageKey, stagesPrefix, workerOfKey } from '../store/key-layout.ts';
import { type Store, StoreError } from '../store/store.ts';
import { mapAtMost } from '../timing/at-most.ts';
import { SweepDataError } from './sweep-data-error.ts';

/** Reads at once: enough to hide the way to a bucket, few enough to hold in memory. */
const readsAtOnce = 16;

/**
 * Everything that rests of a stage. Receipts that can't be read count as missing, files of records that can't be
 * read or are not there are counted.
 * @throws SweepDataError when not even the stage's own file is there
 */
export async function readStage(store: Store, sweepId: string, ordinal: number): Promise<StageData> {
  const key = stageKey(sweepId, ordinal);
  const stage = await getJson<Stage>(store, key);
  if (stage?.schema !== 'paretoken.stage.v1') throw new SweepDataError('no_stage', key);
  const receipts = await readReceipts(store, sweepId, ordinal);
  const keys = (await store.list(recordsPrefix(sweepId, ordinal))).filter((part) => part.endsWith('.parquet'));
  const window = stage.windowMs === null ? windowOf(stage, receipts) : null;
  const read = window === null ? readStageColumns : (bytes: Uint8Array) => readCounted(bytes, window);
  const parts = await mapAtMost(readsAtOnce, keys, (part) => readPart(store, part, read));
  const readable = parts.filter((part) => part !== null);
  return {
    stage,
    columns: joinStageColumns(readable),
    receipts,
    partsUnreadable: parts.length - readable.length + missingParts(keys, receipts),
  };
}

/** The earlier runs of a stage's load, each read again; none of a level that runs for the first time. */
export async function readEarlierRuns(store: Store, sweepId: string, stage: Stage): Promise<readonly StageData[]> {
  if (stage.kind !== 'load' || stage.repeat === 0) return [];
  const keys = await store.list(stagesPrefix(sweepId));
  const stages = await mapAtMost(readsAtOnce, keys, (key) => getJson<Stage>(store, key));
  const earlier = stages
    .filter((one) => one?.schema === 'paretoken.stage.v1' && isEarlierRun(one, stage))
    .filter((one) => one !== null);
  // One after another: each takes as much memory as it has requests.
  return mapAtMost(1, earlier, (one) => readStage(store, sweepId, one.stage));
}

export async function readReceipts(store: Store, sweepId: string, ordinal: number): Promise<Receipt[]> {
  const keys = await store.list(receiptsPrefix(sweepId, ordinal));
  const receipts = await mapAtMost(readsAtOnce, keys, (key) => getJson<Receipt>(store, key).catch(nullIfUnreadable));
  return receipts.filter((receipt) => receipt !== null).filter(({ schema }) => schema === 'paretoken.receipt.v1');
}

/** Of a counted stage alone the gaps are read: its worker did not know the window when it wrote the tokens down. */
async function readCounted(bytes: Uint8Array, window: Window): Promise<StageColumns> {
  const { records, rowsCorrupt } = await readRecords(bytes);
  const counted = records.map((record) => withWindowTokens(record, { startsUs: window.startUs, endsUs: window.endUs }));
  return { ...stageColumnsOf(counted), rowsCorrupt };
}

async function readPart(
  store: Store,
  key: string,
  read: (bytes: Uint8Array) => Promise<StageColumns>,
): Promise<StageColumns | null> {
  try {
    const bytes = await store.get(key);
    return bytes === null ? null : await read(bytes);
  } catch (error) {
    return nullIfUnreadable(error);
  }
}

/** Parts that a worker says it has stored and that are not there. */
function missingParts(keys: readonly string[], receipts: readonly Receipt[]): number {
  const found = Map.groupBy(keys, workerOfKey);
  return receipts.reduce(
    (sum, { worker, records }) => sum + Math.max(0, records.parts - (found.get(worker)?.length ?? 0)),
    0,
  );
}

function nullIfUnreadable(error: unknown): null {
  if (error instanceof StoreError || error instanceof RecordFileError) return null;
  throw error;
}
