import { sweepIdOf, sweepIdPattern } from '../plan/sweep-id.ts';
import { laptopTempo } from '../plan/tempo.ts';
import type { Condition } from '../report/condition.ts';
import type { Spec } from '../spec/schema.ts';
import { fileJournal } from '../store/file-journal.ts';
import { fileStore } from '../store/file-store.ts';
import { inputKey, journalKey, statusKey } from '../store/key-layout.ts';
import type { Store } from '../store/store.ts';
import { beginLife } from '../sweep/journal-life.ts';
import { journalSteps } from '../sweep/journal-steps.ts';
import { plainSteps } from '../sweep/plain-steps.ts';
import { SweepExistsError } from '../sweep/run-sweep.ts';
import { systemClock } from '../timing/clock.ts';
import { nonce } from '../timing/nonce.ts';
import { beforeAnyRequest, carryOut, type LocalSweep } from './carry-out.ts';
import { RefusedError } from './exit.ts';
import { refuseUnjudgeable } from './fail-on.ts';
import { packageVersion } from './package.ts';
import { planLocally } from './plan-locally.ts';
import type { Output } from './progress/sweep-display.ts';
import { resumeCommandLine } from './resume/resume-command-line.ts';
import { becomeRunner, lastRunner } from './resume/runner.ts';
import { readSecrets } from './secrets.ts';

export interface LocalRun {
  readonly spec: Spec;
  /** The file that the workload names; null without one. */
  readonly input: Uint8Array | null;
  /** The results folder. */
  readonly folder: string;
  /** Null: made of time and name. */
  readonly id: string | null;
  readonly output: Output;
  /** Whether the endpoint outlives this process, so that a sweep that is cut off can be resumed. */
  readonly endpoint: 'lasting' | 'passing';
  readonly failOn: readonly Condition[];
}

/** Runs a sweep from this machine; gives the exit code. */
export async function runLocally(run: LocalRun): Promise<number> {
  const { spec, input, folder, id, output, endpoint, failOn } = run;
  const clock = systemClock();
  const startedAtEpochMs = clock.nowEpochMs();
  const sweepId = id ?? sweepIdOf(spec.name, startedAtEpochMs);
  if (!sweepIdPattern.test(sweepId)) {
    throw new RefusedError(`"${sweepId}" is no id of a sweep: use at most 64 letters, digits, - and _`);
  }
  refuseUnjudgeable(failOn, spec);
  const secrets = readSecrets(spec, 'run');
  // The sweep itself refuses what can't be carried out too, but not before it has a place in the folder.
  await planLocally({ spec, sweepId, startedAtEpochMs });
  const store = fileStore(folder);
  const stepsOf = await claimFolder({ store, folder, sweepId, endpoint, startedAtEpochMs }).catch((error) => {
    throw beforeAnyRequest(error);
  });
  await storeInput(store, sweepId, { spec, input });
  const owner = nonce();
  const version = packageVersion();
  return carryOut({
    start: { sweepId, spec, startedAtEpochMs, tempo: laptopTempo, limits: null, version, owner, execution: null },
    store,
    clock,
    folder,
    secrets,
    output,
    goOn: endpoint === 'lasting' ? resumeCommandLine(folder, sweepId) : null,
    failOn,
    stepsOf,
  });
}

/** Workers read the file from where everything of the sweep rests. */
async function storeInput(
  store: Store,
  sweepId: string,
  { spec: { workload }, input }: Pick<LocalRun, 'spec' | 'input'>,
): Promise<void> {
  if (input === null || workload.file === null || typeof workload.file === 'string') return;
  await store.put(inputKey(sweepId, workload.file.sha256), input).catch((error) => {
    throw beforeAnyRequest(error);
  });
}

interface Claim extends Pick<LocalRun, 'folder' | 'endpoint'> {
  readonly store: Store;
  readonly sweepId: string;
  readonly startedAtEpochMs: number;
}

/** Of several processes that begin a sweep of the same id exactly one goes on from here. */
async function claimFolder(claim: Claim): Promise<LocalSweep['stepsOf']> {
  const { store, folder, sweepId, endpoint, startedAtEpochMs } = claim;
  // A process that died before it had claimed the id leaves nothing but its name.
  const last = await lastRunner(store, sweepId);
  const isTaken = (await store.get(statusKey(sweepId))) !== null || (last !== null && last.state !== 'gone');
  if (isTaken || !(await becomeRunner(store, sweepId, (last?.life ?? 0) + 1))) throw new SweepExistsError(sweepId);
  if (endpoint === 'passing') return plainSteps;
  const journal = fileJournal(folder, journalKey(sweepId));
  const remembered = await beginLife(journal, startedAtEpochMs);
  return (plain) => journalSteps({ ...plain, journal, remembered });
}
