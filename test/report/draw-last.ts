import type { Report } from '../../lib/report/report.ts';
import { reportFiles } from '../../lib/report/report-files.ts';
import type { ReportFile } from '../../lib/store/key-layout.ts';

/** Draws all files of a report once its sweep has ended, and none of those before, which nobody reads. */
export async function drawLast(report: Report): Promise<ReadonlyMap<ReportFile, string>> {
  return report.ended === null ? new Map() : reportFiles(report);
}
