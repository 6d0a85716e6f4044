import { join, resolve } from 'node:path';
import { storeAggregator } from '../aggregator/store-aggregator.ts';
import { threadFleet } from '../fleet/thread-fleet.ts';
import { sweepIdOf, sweepIdPattern } from '../plan/sweep-id.ts';
import { laptopTempo } from '../plan/tempo.ts';
import type { Report } from '../report/report.ts';
import { exitCodeOf } from '../report/summary.ts';
import type { Spec } from '../spec/schema.ts';
import { fileStore } from '../store/file-store.ts';
import { getJson } from '../store/json.ts';
import { reportKey } from '../store/key-layout.ts';
import { plainSteps } from '../sweep/plain-steps.ts';
import { runSweep } from '../sweep/run-sweep.ts';
import { systemClock } from '../timing/clock.ts';
import { nonce } from '../timing/nonce.ts';
import { exitOwnFault, RefusedError } from './exit.ts';
import { stopOnInterrupt } from './interrupt.ts';
import { packageVersion } from './package.ts';
import { printReport } from './print-report.ts';
import { readSecrets } from './secrets.ts';
import { type Output, watchSweep } from './sweep-display.ts';

export interface LocalRun {
  readonly spec: Spec;
  /** The results folder. */
  readonly folder: string;
  /** Null: made of time and name. */
  readonly id: string | null;
  readonly output: Output;
}

/** Runs a sweep with threads for workers and a folder for the bucket; gives the exit code. */
export async function runLocally({ spec, folder, id, output }: LocalRun): Promise<number> {
  const clock = systemClock();
  const startedAtEpochMs = clock.nowEpochMs();
  const sweepId = id ?? sweepIdOf(spec.name, startedAtEpochMs);
  if (!sweepIdPattern.test(sweepId)) {
    throw new RefusedError(`"${sweepId}" is no id of a sweep: use at most 64 letters, digits, - and _`);
  }
  const secrets = readSecrets(spec, 'run');
  const store = fileStore(folder);
  const fleet = threadFleet({ folder: resolve(folder), secrets });
  const display = watchSweep({ store, clock, output, sweepId });
  const interrupt = stopOnInterrupt(() =>
    display.note('Stopping: what was measured is kept. Ctrl-C again leaves at once.'),
  );
  try {
    const aggregator = storeAggregator({ store, nowEpochMs: clock.nowEpochMs });
    const summary = await runSweep(
      {
        sweepId,
        spec,
        startedAtEpochMs,
        tempo: laptopTempo,
        limits: null,
        version: packageVersion(),
        owner: nonce(),
        execution: null,
      },
      {
        steps: plainSteps({ clock, stop: interrupt.stop, aggregator }),
        fleet,
        store,
        clock,
        observe: display.observe,
      },
    );
    display.close();
    const report = await getJson<Report>(store, reportKey(sweepId, 'report.json'));
    if (report !== null) showReport(report, output, join(folder, reportKey(sweepId, 'report.html')));
    return summary.exitCode ?? exitOwnFault;
  } finally {
    display.close();
    interrupt.close();
    await fleet.close();
  }
}

function showReport(report: Report, output: Output, htmlPath: string): void {
  if (output === 'json') {
    process.stdout.write(`${JSON.stringify({ kind: 'report', path: htmlPath, exitCode: exitCodeOf(report) })}\n`);
    return;
  }
  if (output === 'progress') process.stderr.write('\n');
  printReport(report, htmlPath);
}
