import { join } from 'node:path';
import { storeAggregator } from '../aggregator/store-aggregator.ts';
import type { Plan } from '../plan/plan.ts';
import { fileStore } from '../store/file-store.ts';
import { getJson } from '../store/json.ts';
import { planKey, reportKey, sweepsPrefix } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import { systemClock } from '../timing/clock.ts';
import { RefusedError } from './exit.ts';
import type { ReportFlags } from './report-command.ts';
import { leftBehind } from './resume/left-behind.ts';
import { showReport } from './show-report.ts';

export interface LocalReport {
  readonly folder: string;
  /** Null: the newest. */
  readonly id: string | null;
  readonly flags: Pick<ReportFlags, 'json' | 'open' | 'failOn'>;
}

/** Draws the report of a sweep again from a results folder, and shows it. */
export async function reportLocally({ folder, id, flags }: LocalReport): Promise<void> {
  const store = fileStore(folder);
  const sweepId = await findSweep(store, folder, id);
  const aggregator = storeAggregator({ store, nowEpochMs: systemClock().nowEpochMs });
  const left = await leftBehind(store, folder, sweepId);
  const report = await aggregator.redraw(sweepId, left?.cutOff ?? null);
  await showReport(report, join(folder, reportKey(sweepId, 'report.html')), flags);
  if (left?.goOn) process.stderr.write(`The rest can be measured: ${left.goOn}\n`);
}

/** The sweep of an id, or the one that started last. */
async function findSweep(store: Store, folder: string, id: string | null): Promise<string> {
  const ids = await store.listFolders(sweepsPrefix);
  const newest = await newestOf(store, ids);
  if (newest === null) throw new RefusedError(`there is no sweep in ${folder}: name the folder given to run --out`);
  if (id === null) return newest;
  if (ids.includes(id)) return id;
  throw new RefusedError(
    `there is no sweep ${id} in ${folder}; there ${ids.length === 1 ? 'is' : 'are'}: ${ids.slice(-10).join(', ')}`,
  );
}

async function newestOf(store: Store, ids: readonly string[]): Promise<string | null> {
  const plans = await Promise.all(ids.map((id) => getJson<Pick<Plan, 'startedAtEpochMs'>>(store, planKey(id))));
  const started = ids.map((id, index) => ({ id, atEpochMs: plans[index]?.startedAtEpochMs ?? 0 }));
  return started.toSorted((a, b) => a.atEpochMs - b.atEpochMs).at(-1)?.id ?? null;
}
