import type { Condition } from '../../report/condition.ts';
import type { Spec } from '../../spec/schema.ts';
import { fileJournal } from '../../store/file-journal.ts';
import { fileStore } from '../../store/file-store.ts';
import { journalKey } from '../../store/key-layout.ts';
import type { Store } from '../../store/store.ts';
import { journalSteps } from '../../sweep/journal-steps.ts';
import { takeUp } from '../../sweep/take-up.ts';
import { systemClock } from '../../timing/clock.ts';
import { beforeAnyRequest, carryOut } from '../carry-out.ts';
import { RefusedError } from '../exit.ts';
import { refuseUnjudgeable } from '../fail-on.ts';
import type { Output } from '../progress/sweep-display.ts';
import { readSecrets } from '../secrets.ts';
import { findUnfinished, type UnfinishedSweep } from './find-unfinished.ts';
import { resumeCommandLine } from './resume-command-line.ts';
import { becomeRunner } from './runner.ts';

export interface ResumedRun {
  /** The results folder. */
  readonly folder: string;
  /** Null: the newest sweep that was stopped or cut off. */
  readonly id: string | null;
  /** What the user asks to be run; null: whatever was begun. */
  readonly asked: Spec | null;
  readonly output: Output;
  readonly failOn: readonly Condition[];
}

/** Goes on with a sweep where an earlier process left it; gives the exit code. */
export async function resumeLocally({ folder, id, asked, output, failOn }: ResumedRun): Promise<number> {
  const store = fileStore(folder);
  const clock = systemClock();
  const left = await findUnfinished({ store, folder }, id);
  const { plan } = left;
  const { sweepId, spec } = plan;
  if (asked !== null) refuseAnother(asked, spec, sweepId);
  refuseUnjudgeable(failOn, spec);
  const secrets = readSecrets(spec, 'run');
  const journal = fileJournal(folder, journalKey(sweepId));
  const { start, remembered } = await claimAndTakeUp(left, store, () => takeUp(left, { store, journal, clock }));
  if (output === 'progress') process.stderr.write(`Resuming ${sweepId}: what it has measured stands.\n`);
  return carryOut({
    start,
    store,
    clock,
    folder,
    secrets,
    output,
    goOn: resumeCommandLine(folder, sweepId),
    failOn,
    stepsOf: (plain) => journalSteps({ ...plain, journal, remembered }),
  });
}

async function claimAndTakeUp<T>({ plan, lives }: UnfinishedSweep, store: Store, take: () => Promise<T>): Promise<T> {
  try {
    if (await becomeRunner(store, plan.sweepId, lives + 1)) return await take();
  } catch (error) {
    throw beforeAnyRequest(error);
  }
  throw new RefusedError(`another process has just taken up the sweep ${plan.sweepId}`);
}

const mostNamed = 5;

function refuseAnother(asked: Spec, begun: Spec, sweepId: string): void {
  const differing = differences(asSaved(asked), asSaved(begun), '');
  if (differing.length === 0) return;
  const more = differing.length > mostNamed ? ` and ${differing.length - mostNamed} more` : '';
  throw new RefusedError(
    `the sweep ${sweepId} was begun with another ${differing.slice(0, mostNamed).join(', ')}${more}. Resuming takes what was begun: leave the file and the flags of the sweep out, or run it anew without --resume`,
  );
}

const asSaved = (spec: Spec): unknown => JSON.parse(JSON.stringify(spec));

/** Paths at which two specs are not the same. */
function differences(a: unknown, b: unknown, path: string): string[] {
  if (a === b) return [];
  if (!isObject(a) || !isObject(b) || Array.isArray(a) || Array.isArray(b)) {
    return JSON.stringify(a) === JSON.stringify(b) ? [] : [path];
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
