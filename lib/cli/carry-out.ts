import { join, resolve } from 'node:path';
import { storeAggregator } from '../aggregator/store-aggregator.ts';
import { type ThreadFleet, threadFleet } from '../fleet/thread-fleet.ts';
import type { Stage } from '../plan/stage.ts';
import type { Condition } from '../report/condition.ts';
import type { FailedCondition } from '../report/judge-conditions.ts';
import type { Report } from '../report/report.ts';
import { getJson, jsonText } from '../store/json.ts';
import { controlKey, reportKey } from '../store/key-layout.ts';
import { type Store, StoreError } from '../store/store.ts';
import { JournalError } from '../sweep/journal-life.ts';
import type { PlainStepsOptions } from '../sweep/plain-steps.ts';
import { runSweep, type SweepStart } from '../sweep/run-sweep.ts';
import type { Steps } from '../sweep/steps.ts';
import type { Clock } from '../timing/clock.ts';
import { exitOwnFault, RefusedError } from './exit.ts';
import { codeWith, failuresOf, reportEvent, tellConditions } from './fail-on.ts';
import { stopOnInterrupt } from './interrupt.ts';
import { printReport } from './print-report.ts';
import { type Output, watchSweep } from './progress/sweep-display.ts';

/** A sweep to be carried out by this process. */
export interface LocalSweep {
  readonly start: SweepStart;
  readonly store: Store;
  readonly clock: Clock;
  /** The results folder. */
  readonly folder: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly output: Output;
  /** The command that goes on with the sweep if it is stopped or fails; null when none can. */
  readonly goOn: string | null;
  /** What makes the command fail where the sweep went well. */
  readonly failOn: readonly Condition[];
  stepsOf(plain: PlainStepsOptions): Steps;
}

/** Carries out a sweep with threads for workers and a folder for the bucket; gives the exit code. */
export async function carryOut(sweep: LocalSweep): Promise<number> {
  const { start, store, clock, folder, secrets, output, goOn, failOn } = sweep;
  const { sweepId } = start;
  const fleet = threadFleet({ folder: resolve(folder), secrets });
  const display = watchSweep({ store, clock, output, sweepId });
  const interrupt = stopOnInterrupt(() => {
    display.note('Stopping: what was measured is kept. Ctrl-C again leaves at once.');
    // Where the sweep waits for nothing just now, this is seen before the next stage begins.
    void store.put(controlKey(sweepId), jsonText({ state: 'stop' })).catch(() => undefined);
  });
  const onClosed = () => display.note('Nobody reads stdout any more; the sweep goes on, and its report is kept.');
  process.stdout.once('error', onClosed);
  let begun = false;
  let running: Stage | null = null;
  try {
    const aggregator = storeAggregator({ store, nowEpochMs: clock.nowEpochMs });
    const summary = await runSweep(start, {
      steps: sweep.stepsOf({ clock, stop: interrupt.stop, aggregator }),
      fleet,
      store,
      clock,
      observe(event) {
        begun ||= event.kind === 'stage_started';
        if (event.kind === 'stage_started') running = event.stage;
        if (event.kind === 'stage_ended') running = null;
        display.observe(event);
      },
    });
    display.close();
    const report = await getJson<Report>(store, reportKey(sweepId, 'report.json'));
    const failures = failuresOf(report, failOn);
    const exitCode = codeWith(summary.exitCode ?? exitOwnFault, failures);
    const htmlPath = join(folder, reportKey(sweepId, 'report.html'));
    if (report !== null)
      showReport({ report, output, htmlPath, exitCode, failOn: failOn.length > 0 ? failures : null });
    if (output !== 'quiet' || failures.length > 0) tellConditions(failures, failOn);
    if (summary.ended?.reason === 'stopped' && goOn !== null) display.note(`The rest can be measured: ${goOn}`);
    return exitCode;
  } catch (error) {
    display.close();
    if (!begun || error instanceof JournalError) throw beforeAnyRequest(error);
    if (running !== null) await letGo(running, { fleet, store, clock });
    if (goOn !== null) display.note(`What was measured is kept. Once the fault is mended, go on: ${goOn}`);
    throw error;
  } finally {
    display.close();
    interrupt.close();
    process.stdout.off('error', onClosed);
    await fleet.close();
  }
}

/** What can't be stored or read before anything is sent is no failed sweep. */
export function beforeAnyRequest(error: unknown): unknown {
  if (!(error instanceof StoreError || error instanceof JournalError)) return error;
  return new RefusedError(error.message, { cause: error });
}

/** Polls of the control come this late at the latest, and workers then let go within five seconds. */
const letGoMs = 6000;
const lookEveryMs = 50;

/** Leaves workers the time to store what they have, where they could be told to stop. */
async function letGo(
  { sweepId, stage, workers }: Stage,
  { fleet, store, clock }: { readonly fleet: ThreadFleet; readonly store: Store; readonly clock: Clock },
): Promise<void> {
  const control = await getJson<{ readonly state: string }>(store, controlKey(sweepId)).catch(() => null);
  if (control?.state !== 'stop') return;
  const untilUs = clock.nowUs() + letGoMs * 1000;
  while (fleet.gone(stage).length < workers && clock.nowUs() < untilUs) {
    await clock.sleepUntil(clock.nowUs() + lookEveryMs * 1000);
  }
}

interface ToShow {
  readonly report: Report;
  readonly output: Output;
  readonly htmlPath: string;
  readonly exitCode: number;
  /** Null without conditions. */
  readonly failOn: readonly FailedCondition[] | null;
}

function showReport({ report, output, htmlPath, exitCode, failOn }: ToShow): void {
  if (output === 'json') {
    process.stdout.write(`${reportEvent(htmlPath, exitCode, failOn)}\n`);
    return;
  }
  if (output === 'progress') process.stderr.write('\n');
  printReport(report, htmlPath);
}
