import { join } from 'node:path';
import { reportFiles } from '../../lib/report/report-files.ts';
import { terminalTable } from '../../lib/report/terminal-table.ts';
import { variants } from './variants.ts';

/** Where the golden files rest. */
export const goldenFolder = join(import.meta.dirname, '..', 'golden', 'report');

const drawn = [
  'done',
  'troubled',
  'probe-failed',
  'not-streamed',
  'grid',
  'lengths',
  'provisioned',
  'notebook',
  'lost-workers',
  'two-runs',
  'hostile',
  'slo-met',
  'slo-missed',
  'slo-undecided',
];

/** Everything that is compared with a golden file, by its name. */
export async function goldenTexts(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const name of drawn) {
    const report = variants[name]?.();
    if (!report) throw new Error(`there is no sample report named ${name}`);
    const files = await reportFiles(report);
    for (const file of ['report.md', 'curve.csv', 'curve.svg', 'summary.json'] as const) {
      texts.set(`${name}.${file}`, files.get(file) ?? '');
    }
    for (const columns of [80, 120]) {
      texts.set(`${name}.table-${columns}.txt`, `${terminalTable(report, { columns, color: false })}\n`);
    }
  }
  return texts;
}
