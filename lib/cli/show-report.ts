import type { Report } from '../report/report.ts';
import { exitCodeOf } from '../report/summary.ts';
import { systemClock } from '../timing/clock.ts';
import { codeWith, failuresOf, tellConditions } from './fail-on.ts';
import { openPage } from './open-page.ts';
import { printReport } from './print-report.ts';
import type { ReportFlags } from './report-command.ts';

/**
 * Prints a report as a table or as JSON, opens its page if that was asked for, and judges it by conditions: with any, the
 * command's exit code is that of the sweep.
 */
export async function showReport(
  report: Report,
  htmlPath: string,
  { json, open, failOn = [] }: Pick<ReportFlags, 'json' | 'open' | 'failOn'>,
): Promise<void> {
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else printReport(report, htmlPath);
  if (open && !(await openPage(htmlPath, systemClock()))) {
    process.stderr.write(`No browser could be started: open ${htmlPath} yourself.\n`);
  }
  if (failOn.length === 0) return;
  const failures = failuresOf(report, failOn);
  tellConditions(failures, failOn);
  process.exitCode = codeWith(exitCodeOf(report) ?? 0, failures);
}
