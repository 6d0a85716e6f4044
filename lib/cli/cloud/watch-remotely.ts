import type { Condition } from '../../report/condition.ts';
import type { Report } from '../../report/report.ts';
import { getJson } from '../../store/json.ts';
import { reportKey } from '../../store/key-layout.ts';
import type { Clock } from '../../timing/clock.ts';
import { readerOf } from '../closed-output.ts';
import { exitNothingMeasured, exitStopped, RefusedError } from '../exit.ts';
import { codeWith, failuresOf, reportEvent, tellConditions } from '../fail-on.ts';
import { stopOnInterrupt } from '../interrupt.ts';
import { printReport } from '../print-report.ts';
import { type Output, watchSweep } from '../progress/sweep-display.ts';
import { executionsOf } from './executions.ts';
import { followSweep } from './follow-sweep.ts';
import type { Stack } from './stack.ts';

export interface RemoteWatch {
  readonly stack: Stack;
  readonly clock: Clock;
  readonly sweepId: string;
  readonly output: Output;
  /** What makes the command fail where the sweep went well. */
  readonly failOn: readonly Condition[];
  /** Nothing rests on its end but what it prints. @default false */
  readonly onlyPrints?: boolean;
}

/** Fewer looks than on a laptop: each is a request that costs something. */
const everyMs = 2000;

/**
 * Shows a sweep in the cloud until it is over, then its table; gives the exit code. Ctrl-C leaves the sweep running, and so
 * does a reader of events who has seen enough, where nothing but what is printed is wanted.
 */
export async function watchRemotely(watch: RemoteWatch): Promise<number> {
  const { stack, clock, sweepId, output } = watch;
  const { store } = stack;
  const display = watchSweep({ store, clock, output, sweepId, readEveryMs: everyMs });
  const interrupt = stopOnInterrupt(() =>
    display.note(
      `Leaving. The sweep goes on: \`paretoken watch ${sweepId}\` shows it, \`paretoken stop ${sweepId}\` ends it.`,
    ),
  );
  const reader = readerOf(process.stdout);
  const forReader = watch.onlyPrints === true && output === 'json';
  try {
    const leave = forReader ? AbortSignal.any([interrupt.stop, reader.gone]) : interrupt.stop;
    const { observe } = display;
    const followed = await followSweep({
      store,
      clock,
      sweepId,
      everyMs,
      leave,
      observe,
      whyDead: executionsOf(stack).whyDead,
    });
    display.close();
    switch (followed.kind) {
      case 'left':
        return interrupt.stop.aborted ? exitStopped : 0;
      case 'refused':
        throw new RefusedError(
          `the sweep ${sweepId} was refused:\n${followed.refusals.map((one) => `  ${one}`).join('\n')}`,
        );
      case 'unknown':
        throw new RefusedError(`there is no sweep ${sweepId} in the stack ${stack.name}: \`paretoken list\` shows all`);
      case 'dead':
        process.stderr.write(`error: the sweep ${sweepId} did not come to its end: ${followed.why}\n`);
        return exitNothingMeasured;
      case 'ended':
        return await showReport(watch, followed.summary?.exitCode ?? null);
    }
  } finally {
    display.close();
    interrupt.close();
    reader.close();
  }
}

/** Gives the exit code: the sweep's own, unless it went well and a condition fails. */
async function showReport(watch: RemoteWatch, sweepsCode: number | null): Promise<number> {
  const { stack, sweepId, output, failOn } = watch;
  const path = `s3://${stack.bucket}/${reportKey(sweepId, 'report.html')}`;
  const report =
    output === 'json' && failOn.length === 0
      ? null
      : await getJson<Report>(stack.store, reportKey(sweepId, 'report.json'));
  const failures = failuresOf(report, failOn);
  const exitCode = codeWith(sweepsCode ?? exitNothingMeasured, failures);
  if (output === 'json') {
    const told = sweepsCode === null ? null : exitCode;
    process.stdout.write(`${reportEvent(path, told, failOn.length > 0 ? failures : null)}\n`);
  } else if (report === null) {
    process.stderr.write(`The sweep has ended, but its report could not be drawn: see the log of the aggregator.\n`);
  } else {
    if (output === 'progress') process.stderr.write('\n');
    printReport(report, path);
    process.stdout.write(`\`paretoken report ${sweepId} --open\` brings it here.\n`);
  }
  if (output !== 'quiet' || failures.length > 0) tellConditions(failures, failOn);
  return exitCode;
}
