import type { NotebookLevel } from '../../curve/notebook-levels.ts';
import { curveChart, type Size } from '../chart/curve-chart.ts';
import type { CurvePoint } from '../chart/curve-points.ts';
import { variables } from '../chart/palette.ts';
import { count, parallelRequests, time, timeUnit } from '../format.ts';
import { type NotebookTable, notebookColumns, notebookTables, passLine } from '../notebook/notebook-rows.ts';
import { fewAnswers, notebookWords } from '../notebook/notebook-words.ts';
import type { Report } from '../report.ts';
import { drawing, figureText, foreign, scrolling, section } from './elements.ts';
import { type Html, html, trusted } from './html.ts';

const wide: Size = { width: 720, height: 360, fontSize: 13 };
const narrow: Size = { width: 358, height: 300, fontSize: 12 };

/** What Databricks' notebook would say of the same levels, beside the streamed figures, and why they differ. */
export function notebookSection(report: Report): Html {
  const tables = notebookTables(report);
  const few = fewAnswers(tables);
  return section(
    'notebook',
    'The notebook’s figures',
    html`<p class="intro">What Databricks’ notebook “Conduct your own LLM endpoint benchmarking” would print of the same levels, beside the streamed figures (p50).${few === null ? null : html` ${few}`}</p>`,
    tables.map(cellFigures),
    html`<h3>Why the two sets differ</h3><ul>${notebookWords(report).map((words) => html`<li>${words}</li>`)}</ul>`,
  );
}

function cellFigures(table: NotebookTable, index: number): Html {
  const points = table.levels.flatMap(curvePoint);
  return html`${table.heading === null ? null : html`<h3>${table.heading}</h3>`}
${points.length === 0 ? null : figure(points, index)}
${scrolling(table.heading ?? 'The notebook’s figures', figuresTable(table))}
<details><summary>Each pass</summary><ul>${table.levels.flatMap(({ level, figures }) => figures.passes.map((pass) => html`<li>${parallelRequests(level)}, ${passLine(pass)}${pass.messages.map(({ outcome, message, count: times }) => html`; ${count(times)} × ${outcome}: “${foreign(message)}”`)}</li>`))}</ul></details>`;
}

function figuresTable({ rows }: NotebookTable): Html {
  const groups = ['Notebook', 'Paretoken, streamed'] as const;
  const [first, ...grouped] = notebookColumns;
  return html`<table class="points">
<thead><tr><th scope="col" rowspan="2" class="figure">${first?.title ?? ''}</th>${groups.map((group) => html`<th scope="colgroup" colspan="${grouped.filter((column) => column.group === group).length}" class="group">${group}</th>`)}</tr>
<tr>${grouped.map(({ title, unit }) => html`<th scope="col" class="figure">${title}${unit === null ? null : html` <span class="unit">${unit}</span>`}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, column) => (column === 0 ? html`<th scope="row" class="figure">${figureText(cell)}</th>` : html`<td class="figure">${figureText(cell)}</td>`))}</tr>`)}</tbody>
</table>`;
}

function curvePoint({ level, figures: { latencyMs, tokensPerSecond } }: NotebookLevel): CurvePoint[] {
  if (latencyMs === null || tokensPerSecond === null) return [];
  const title = `${parallelRequests(level)}: ${Math.round(tokensPerSecond).toLocaleString('en')} tokens/s in ${time(latencyMs)}`;
  const none = [null, null] as const;
  return [
    {
      level,
      x: latencyMs,
      y: tokensPerSecond,
      xInterval: none,
      yInterval: none,
      state: 'ok',
      knee: false,
      answer: null,
      title,
    },
  ];
}

/** The notebook's own plot: its throughput against its latency, points labelled by parallel requests. */
function figure(points: readonly CurvePoint[], index: number): Html {
  const unit = timeUnit(Math.max(...points.map(({ x }) => x)));
  const chart = (size: Size, name: string) =>
    trusted(
      curveChart({
        id: `notebook-${index}-${name}`,
        title: 'The notebook’s throughput against its latency',
        xLabel: `Latency, median (${unit.name})`,
        yLabel: 'Input and output tokens/s',
        xUnit: unit.ms,
        points,
        size,
        palette: variables,
      }),
    );
  return html`<figure class="beside">
<div class="chart">${drawing(chart(wide, 'wide'), chart(narrow, 'narrow'))}</div>
<figcaption><p>The notebook’s plot: each point a level, labelled with its number of parallel requests.</p></figcaption>
</figure>`;
}
