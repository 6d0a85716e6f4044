import type { Ended } from '../../plan/ended.ts';
import type { Plan } from '../../plan/plan.ts';
import { getJson } from '../../store/json.ts';
import { journalKey, planKey } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import type { Status } from '../../sweep/status.ts';
import type { LeftSweep } from '../../sweep/take-up.ts';
import { RefusedError } from '../exit.ts';
import { packageVersion } from '../package.ts';
import { listSweeps } from './list-sweeps.ts';
import { lastRunner } from './runner.ts';

/** A sweep that can be resumed. */
export interface UnfinishedSweep extends LeftSweep {
  /** How many processes have run it. */
  readonly lives: number;
}

export interface ResultsFolder {
  readonly store: Store;
  readonly folder: string;
}

/**
 * The sweep of an id, without one the newest that was stopped or cut off.
 * @throws RefusedError when there is none, it has ended, or it still runs
 */
export async function findUnfinished(results: ResultsFolder, id: string | null): Promise<UnfinishedSweep> {
  const { store, folder } = results;
  const statuses = await listSweeps(store);
  if (statuses.length === 0) {
    throw new RefusedError(`there is no sweep in ${folder}: name the folder that was given to run --out`);
  }
  const status = id === null ? await newestUnfinished(results, statuses) : named(results, statuses, id);
  const { sweepId, ended } = status;
  if (!(await isUnfinished(store, status))) {
    const how = status.state === 'refused' ? 'it was refused' : `it has ended (${ended?.reason})`;
    throw new RefusedError(`nothing is left to resume of ${sweepId}: ${how}. \`paretoken report\` shows its report`);
  }
  const plan = await getJson<Plan>(store, planKey(sweepId));
  const journal = await store.get(journalKey(sweepId));
  if (plan === null || journal === null) {
    const what = plan === null ? 'plan' : 'journal';
    throw new RefusedError(
      `${folder} holds no ${what} of the sweep ${sweepId}, without which it can't be resumed: run it again`,
    );
  }
  if (plan.version !== packageVersion()) {
    throw new RefusedError(
      `the sweep ${sweepId} was begun by paretoken ${plan.version}, and this is ${packageVersion()}: its levels would not be measured alike. Resume it with that version, or run it again`,
    );
  }
  return { plan, status, lives: await livesOf(results, sweepId) };
}

function named({ folder }: ResultsFolder, statuses: readonly Status[], id: string): Status {
  const status = statuses.find(({ sweepId }) => sweepId === id);
  if (status) return status;
  const ids = statuses.slice(0, 10).map(({ sweepId }) => sweepId);
  throw new RefusedError(
    `there is no sweep ${id} in ${folder}; there ${ids.length === 1 ? 'is' : 'are'}: ${ids.join(', ')}`,
  );
}

async function newestUnfinished({ store, folder }: ResultsFolder, statuses: readonly Status[]): Promise<Status> {
  for (const status of statuses) if (await isUnfinished(store, status)) return status;
  throw new RefusedError(`nothing is left to resume in ${folder}: every sweep there has ended`);
}

const takenBack: readonly Ended['reason'][] = ['stopped', 'failed'];

/** A sweep in the cloud goes on by itself. Where even the last report is missing, drawing it is what is left to do. */
async function isUnfinished(store: Store, { sweepId, state, ended, execution }: Status): Promise<boolean> {
  if (execution !== null || state === 'refused') return false;
  if (ended === null || takenBack.includes(ended.reason)) return true;
  const journal = await store.get(journalKey(sweepId));
  return journal !== null && !/"name":"conclude"[^\n]*\n$/.test(new TextDecoder().decode(journal));
}

async function livesOf({ store, folder }: ResultsFolder, sweepId: string): Promise<number> {
  const last = await lastRunner(store, sweepId);
  if (last === null) return 0;
  const { pid, host } = last.runner;
  if (last.state === 'running') {
    throw new RefusedError(
      `the sweep ${sweepId} is still running, as process ${pid}: wait for it, or stop it with \`kill ${pid}\``,
    );
  }
  if (last.state === 'elsewhere') {
    throw new RefusedError(
      `the sweep ${sweepId} may still be running on ${host}, as process ${pid}. If it is not, delete ${folder}/${last.key} and try again`,
    );
  }
  return last.life;
}
