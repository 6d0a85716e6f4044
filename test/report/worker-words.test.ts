import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportPage } from '../../lib/report/page/page.ts';
import { terminalTable } from '../../lib/report/terminal-table.ts';
import { saidByWorkers } from '../../lib/report/worker-words.ts';
import { sampleReport, withLevel } from './sample-report.ts';
import { hostile, variants } from './variants.ts';

const lost = variants['lost-workers']?.() ?? sampleReport();

test('the same words stand once, with every worker and level', () => {
  const again = withLevel(lost, 32, (point) => ({
    ...point,
    client: {
      ...point.client,
      workerWords: [{ words: 'the environment variable LLM_KEY is not set', workers: [7, 9] }],
    },
  }));
  assert.deepEqual(
    saidByWorkers(again.points).map(({ where }) => where),
    ['workers 7 and 9 at level 32 and worker 2 at level 64', 'workers 0 and 1 at level 64'],
  );
});

test('what workers said of themselves stands in every form of the report', () => {
  const text = /environment variable LLM_KEY is not set/;
  assert.match(reportMarkdown(lost), /- Worker 2 at level 64: `the environment variable LLM_KEY is not set`/);
  assert.match(terminalTable(lost, { columns: 120, color: false }), /worker 2 at level 64: “the environment variable/);
  assert.match(reportPage(lost), text);
});

test('words of others are shown, not obeyed', () => {
  const poisoned = withLevel(sampleReport(), 8, (point) => ({
    ...point,
    client: { ...point.client, workerWords: [{ words: hostile, workers: [0] }] },
  }));
  assert.doesNotMatch(reportPage(poisoned), /<script>alert/);
  assert.doesNotMatch(terminalTable(poisoned, { columns: 80, color: false }).replaceAll('\n', ''), /\p{Cc}/u);
});
