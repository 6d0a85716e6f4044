import type { PassFigures } from '../plan/notebook.ts';
import { count, parallelRequests } from './format.ts';
import { code, table } from './markdown-text.ts';
import { notebookColumns, notebookTables, passLine } from './notebook/notebook-rows.ts';
import { fewAnswers, notebookWords } from './notebook/notebook-words.ts';
import type { Report } from './report.ts';

/** What Databricks' notebook would say of the levels, beside the streamed figures; nothing without its passes. */
export function notebookBlocks(report: Report): string[] {
  const tables = notebookTables(report);
  if (tables.length === 0) return [];
  const few = fewAnswers(tables);
  const head = notebookColumns.map(({ group, title, unit }) => {
    const whose = group === null ? '' : group === 'Notebook' ? 'Notebook: ' : 'Streamed: ';
    return `${whose}${title}${unit === null ? '' : ` (${unit})`}`;
  });
  return [
    '## The notebook’s figures',
    ...tables.flatMap(({ heading, levels, rows }) => [
      ...(heading === null ? [] : [`**${heading}**`]),
      table(
        head,
        head.map(() => 'right' as const),
        rows.map((cells) => cells.map(({ text }) => text)),
      ).trimEnd(),
      '<details><summary>Each pass</summary>',
      levels
        .flatMap(({ level, figures }) =>
          figures.passes.map((pass) => `- ${parallelRequests(level)}, ${passLine(pass)}${messagesOf(pass)}`),
        )
        .join('\n'),
      '</details>',
    ]),
    ...(few === null ? [] : [few]),
    ['Why the two sets differ:', ...notebookWords(report)].join(' '),
  ];
}

function messagesOf({ messages }: PassFigures): string {
  return messages
    .map(({ outcome, message, count: times }) => `; ${count(times)} × ${outcome}: ${code(message)}`)
    .join('');
}
