import type { Stage } from '../plan/stage.ts';
import type { Receipt } from '../record/receipt.ts';
import { getJson, jsonText } from '../store/json.ts';
import { receiptsPrefix, stageKey } from '../store/key-layout.ts';
import type { RunStage, StagePorts } from './run-stage.ts';

/**
 * Takes over a stage whose workers died with the process that launched them. It stands if all of them had left their
 * receipts and none was stopped; else it is marked as cut off. Either way nothing of it is still in flight.
 */
export async function takeOver(stage: Stage, { steps, store }: Pick<StagePorts, 'steps' | 'store'>): Promise<RunStage> {
  const cutOff: Stage = { ...stage, cutOff: true };
  const whole = await steps.step(`take-over-${stage.stage}`, async () => {
    const keys = await store.list(receiptsPrefix(stage.sweepId, stage.stage));
    const receipts = await Promise.all(keys.map((key) => getJson<Receipt>(store, key)));
    if (isWhole(stage, receipts)) return true;
    await store.put(stageKey(stage.sweepId, stage.stage), jsonText(cutOff));
    return false;
  });
  return { stage: whole ? stage : cutOff, complete: true, stopped: false };
}

function isWhole({ workers }: Stage, receipts: readonly (Receipt | null)[]): boolean {
  const left = receipts.filter((receipt) => receipt !== null);
  // A worker whose share of the budget was gone says `stopped` as well, and has done what it could.
  const stopped = left.some(({ state, ranOutOf }) => state === 'stopped' && ranOutOf === undefined);
  return left.length === workers && !stopped;
}
