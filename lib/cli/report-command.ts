import { join } from 'node:path';
import { Command } from 'commander';
import type { Plan } from '../plan/plan.ts';
import { fileStore } from '../store/file-store.ts';
import { getJson } from '../store/json.ts';
import { planKey, reportKey, sweepsPrefix } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import { systemClock } from '../timing/clock.ts';
import { RefusedError } from './exit.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('draw the report of a sweep again from what is stored, and print its table')
    .argument('[dir]', 'results folder', 'results')
    .argument('[id]', 'the sweep (default: the newest)')
    .option('--json', 'print report.json instead of the table')
    .addHelpText(
      'after',
      '\nExamples:\n  $ paretoken report\n  $ paretoken report results 20261122T153001Z-demo --json | jq .curves',
    )
    .action(async (dir: string, id: string | undefined, { json }: { readonly json?: true }) => {
      const { storeAggregator } = await import('../aggregator/store-aggregator.ts');
      const { printReport } = await import('./print-report.ts');
      const store = fileStore(dir);
      const sweepId = await findSweep(store, dir, id ?? null);
      const report = await storeAggregator({ store, nowEpochMs: systemClock().nowEpochMs }).redraw(sweepId);
      if (json) {
        process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
        return;
      }
      printReport(report, join(dir, reportKey(sweepId, 'report.html')));
    });
}

/** The sweep of an id, or the one that started last. */
async function findSweep(store: Store, dir: string, id: string | null): Promise<string> {
  const keys = await store.list(sweepsPrefix);
  const ids = [...new Set(keys.flatMap((key) => key.split('/')[1] ?? []))].sort();
  const newest = await newestOf(store, ids);
  if (newest === null) throw new RefusedError(`there is no sweep in ${dir}: name the folder given to run --out`);
  if (id === null) return newest;
  if (ids.includes(id)) return id;
  throw new RefusedError(
    `there is no sweep ${id} in ${dir}; there ${ids.length === 1 ? 'is' : 'are'}: ${ids.slice(-10).join(', ')}`,
  );
}

async function newestOf(store: Store, ids: readonly string[]): Promise<string | null> {
  const plans = await Promise.all(ids.map((id) => getJson<Pick<Plan, 'startedAtEpochMs'>>(store, planKey(id))));
  const started = ids.map((id, index) => ({ id, atEpochMs: plans[index]?.startedAtEpochMs ?? 0 }));
  return started.toSorted((a, b) => a.atEpochMs - b.atEpochMs).at(-1)?.id ?? null;
}
