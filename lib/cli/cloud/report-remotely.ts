import { join } from 'node:path';
import type { Report } from '../../report/report.ts';
import { fileStore } from '../../store/file-store.ts';
import { getJson } from '../../store/json.ts';
import { reportFileNames, reportKey } from '../../store/key-layout.ts';
import { RefusedError } from '../exit.ts';
import type { ReportFlags } from '../report-command.ts';
import { showReport } from '../show-report.ts';
import type { Stack } from './stack.ts';
import { statusOf } from './status-of.ts';

export interface RemoteReport {
  readonly stack: Stack;
  readonly sweepId: string;
  readonly flags: Pick<ReportFlags, 'json' | 'open' | 'out' | 'failOn'>;
}

/** Brings the files of a report from the bucket into a results folder, and shows it. */
export async function reportRemotely({ stack, sweepId, flags }: RemoteReport): Promise<void> {
  const folder = fileStore(flags.out);
  for (const file of reportFileNames) {
    const bytes = await stack.store.get(reportKey(sweepId, file));
    if (bytes !== null) await folder.put(reportKey(sweepId, file), bytes);
    else if (file === 'report.json') throw await noReport(stack, sweepId);
  }
  const report = await getJson<Report>(folder, reportKey(sweepId, 'report.json'));
  if (report === null) throw new RefusedError(`the report of ${sweepId} can't be read: it is no whole JSON`);
  await showReport(report, join(flags.out, reportKey(sweepId, 'report.html')), flags);
}

async function noReport(stack: Stack, sweepId: string): Promise<RefusedError> {
  const status = await statusOf(stack, sweepId);
  const why =
    status.state === 'refused'
      ? `it was refused: ${status.refusals.join('; ')}`
      : 'it is drawn after the probe and after every stage; try again in a while';
  return new RefusedError(`the sweep ${sweepId} has no report: ${why}`);
}
