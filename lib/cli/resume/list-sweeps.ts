import { getJson } from '../../store/json.ts';
import { statusKey, sweepsPrefix } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import type { Status } from '../../sweep/status.ts';
import { mapAtMost } from '../../timing/at-most.ts';
import type { Stack } from '../cloud/stack.ts';

const readsAtOnce = 16;

/** The status of every sweep, the newest first. */
export async function listSweeps(store: Store): Promise<readonly Status[]> {
  const ids = await store.listFolders(sweepsPrefix);
  const statuses = await mapAtMost(readsAtOnce, ids, (id) => getJson<Status>(store, statusKey(id)));
  return statuses.filter((status) => status !== null).sort((a, b) => b.startedAtEpochMs - a.startedAtEpochMs);
}

/** A line a sweep, aligned: when it was started, its id, how it stands. */
export function listTable(statuses: readonly Status[], { name }: Pick<Stack, 'name'>): string {
  if (statuses.length === 0) return `The stack ${name} has no sweeps yet: \`paretoken start sweep.yaml\` starts one.`;
  const rows = statuses.map((status) => [
    status.sweepId,
    new Date(status.startedAtEpochMs).toISOString().slice(0, 16).replace('T', ' '),
    status.state === 'ended' ? (status.ended?.reason ?? 'ended') : status.state,
    status.name,
  ]);
  const header = ['id', 'started (UTC)', 'state', 'name'];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)));
  return [header, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
