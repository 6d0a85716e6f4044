import type { Report } from '../report/report.ts';
import { terminalTable } from '../report/terminal-table.ts';

/** Prints the table of a report, as wide as the terminal, and where its page is. */
export function printReport(report: Report, htmlPath: string): void {
  const { stdout } = process;
  const color = stdout.isTTY === true && stdout.hasColors();
  stdout.write(`${terminalTable(report, { columns: stdout.columns ?? 120, color })}\n\nReport: ${htmlPath}\n`);
}
