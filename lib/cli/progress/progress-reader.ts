import type { Stage } from '../../plan/stage.ts';
import type { Progress } from '../../record/progress.ts';
import { getJson } from '../../store/json.ts';
import { progressPrefix } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import type { Clock } from '../../timing/clock.ts';

export interface ProgressReaderOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly sweepId: string;
  /** What was read is given again until this time is over. */
  readonly everyMs: number;
}

/** Reads what the workers of a stage last told of themselves; what can't be read is left out. */
export function progressReader({ store, clock, sweepId, everyMs }: ProgressReaderOptions) {
  let last: { readonly stage: Stage; readonly atUs: number; readonly progress: readonly Progress[] } | null = null;
  return async (stage: Stage): Promise<readonly Progress[]> => {
    if (last?.stage === stage && clock.nowUs() - last.atUs < everyMs * 1000) return last.progress;
    const keys = await store.list(progressPrefix(sweepId, stage.stage)).catch(() => []);
    const read = await Promise.all(keys.map((key) => getJson<Progress>(store, key).catch(() => null)));
    last = { stage, atUs: clock.nowUs(), progress: read.filter((progress) => progress !== null) };
    return last.progress;
  };
}
