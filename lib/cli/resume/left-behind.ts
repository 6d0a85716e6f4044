import type { Ended } from '../../plan/ended.ts';
import type { Stage } from '../../plan/stage.ts';
import { getJson } from '../../store/json.ts';
import { journalKey, pointKey, stagesPrefix, statusKey } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import type { Status } from '../../sweep/status.ts';
import { resumeCommandLine } from './resume-command-line.ts';
import { lastRunner } from './runner.ts';

/** A sweep of this machine that is not done and that nobody runs. */
export interface LeftBehind {
  /** How its report is to say that it ended, where its own process could not say so; null where it did. */
  readonly cutOff: Ended | null;
  /** The command that goes on with it; null when none can. */
  readonly goOn: string | null;
}

/** Null of a sweep that is done, still runs, or is not this machine's to judge. */
export async function leftBehind(store: Store, folder: string, sweepId: string): Promise<LeftBehind | null> {
  const status = await getJson<Status>(store, statusKey(sweepId));
  if (status === null || status.execution !== null || status.state === 'refused') return null;
  const { ended } = status;
  if (ended !== null && ended.reason !== 'stopped' && ended.reason !== 'failed') return null;
  const runner = await lastRunner(store, sweepId);
  if (runner !== null && runner.state !== 'gone') return null;
  const canGoOn = (await store.get(journalKey(sweepId))) !== null;
  return {
    cutOff: ended === null ? await cutOffOf(store, sweepId) : null,
    goOn: canGoOn ? resumeCommandLine(folder, sweepId) : null,
  };
}

async function cutOffOf(store: Store, sweepId: string): Promise<Ended> {
  const newest = (await store.list(stagesPrefix(sweepId))).at(-1);
  const stage = newest === undefined ? null : await getJson<Stage>(store, newest);
  const isReduced = stage !== null && (await store.get(pointKey(sweepId, stage.stage))) !== null;
  const place = stage === null ? 'before the probe' : `${isReduced ? 'after' : 'during'} ${nameOf(stage)}`;
  return { reason: 'stopped', detail: `The process that ran the sweep is gone: it was cut off ${place}.` };
}

function nameOf({ kind, level }: Stage): string {
  if (kind === 'probe') return 'the probe';
  return kind === 'drift' ? 'the drift check' : `level ${level}`;
}
