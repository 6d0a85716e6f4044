import type { Assignment } from '../plan/assignment.ts';
import { claimKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';

/**
 * Claims an assignment for one invocation, known by its nonce: of several deliveries of the same assignment exactly
 * one gets it. A put whose answer was lost is found again by reading the nonce back.
 */
export async function claim(store: Store, { sweepId, stage, worker }: Assignment, nonce: string): Promise<boolean> {
  const key = claimKey(sweepId, stage.stage, worker);
  if ((await store.put(key, nonce, { ifAbsent: true })) === 'stored') return true;
  const claimed = await store.get(key);
  return claimed !== null && new TextDecoder().decode(claimed) === nonce;
}
