import type { ReportFile } from '../store/key-layout.ts';
import { curveCsv } from './curve-csv.ts';
import { reportMarkdown } from './markdown.ts';
import type { Report } from './report.ts';
import { stableJson } from './stable-json.ts';
import { summaryOf } from './summary.ts';

/**
 * Every file of a report as text, by name. What draws is loaded only now: it takes longer to load than to draw, and
 * a command that draws nothing need not wait for it.
 * @throws RangeError when a number of the report is not finite
 */
export async function reportFiles(report: Report): Promise<ReadonlyMap<ReportFile, string>> {
  const { reportPage } = await import('./page/page.ts');
  const { curveSvg } = await import('./chart/curve-svg.ts');
  return new Map<ReportFile, string>([
    ['report.json', stableJson(report)],
    ['summary.json', stableJson(summaryOf(report))],
    ['curve.csv', curveCsv(report)],
    ['report.md', reportMarkdown(report)],
    ['curve.svg', curveSvg(report)],
    ['report.html', reportPage(report)],
  ]);
}
