import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportFiles } from '../../lib/report/report-files.ts';
import type { ReportFile } from '../../lib/store/key-layout.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

test('a report has every file that the store has a place for', async () => {
  const files: ReadonlyMap<ReportFile, string> = await reportFiles(sampleReport());
  const names: readonly ReportFile[] = [
    'curve.csv',
    'curve.svg',
    'report.html',
    'report.json',
    'report.md',
    'summary.json',
  ];
  assert.deepEqual([...files.keys()].sort(), names);
  for (const text of files.values()) assert.ok(text.endsWith('\n'));
});

test('the same report gives the same files', async () => {
  assert.deepEqual(await reportFiles(sampleReport()), await reportFiles(sampleReport()));
});

test('no file of any report shows a number that is none', async (t) => {
  for (const name of [
    'just-started',
    'all-failed',
    'unknown-tokens',
    'not-streamed',
    'one-level',
    'empty',
    'one-request',
    'corrupt',
  ]) {
    await t.test(name, async () => {
      for (const [file, text] of await reportFiles(variants[name]?.() ?? sampleReport())) {
        assert.doesNotMatch(text, /NaN|Infinity|\bundefined\b(?! figures| ones|;|\.|“)/, file);
      }
    });
  }
});

test('a report with a number that is not finite is refused, not drawn', async () => {
  const report = sampleReport();
  const points = report.points.map((point) => ({ ...point, windowSeconds: Number.NaN }));
  await assert.rejects(reportFiles({ ...report, points }), /\$\.points\[0\]\.windowSeconds is NaN/);
});
