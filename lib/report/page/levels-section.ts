import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import type { Size } from '../chart/curve-chart.ts';
import { hasMetric, type LevelMetric, levelChart } from '../chart/level-chart.ts';
import { variables } from '../chart/palette.ts';
import { capitalised, levelList } from '../format.ts';
import { samplesNeeded } from '../shown.ts';
import { drawing, section } from './elements.ts';
import { type Html, html, trusted } from './html.ts';

const wide: Size = { width: 500, height: 280, fontSize: 12.5 };
const narrow: Size = { width: 358, height: 250, fontSize: 12 };

const charts: readonly { readonly metric: LevelMetric; readonly title: string; readonly what: string }[] = [
  { metric: 'ttftMs', title: 'Time to first token', what: 'TTFT: the wait until an answer begins.' },
  { metric: 'tpotMs', title: 'Time per output token', what: 'TPOT: the pace of an answer once begun.' },
  { metric: 'interChunkMs', title: 'Gaps between chunks', what: 'Each pause between two reads of an answer.' },
  { metric: 'latencyMs', title: 'Latency', what: 'From the send to the last token.' },
];

/** How each time grows with the load. */
export function levelsSection(views: readonly CellView[]): Html {
  return section(
    'levels',
    'Times by level',
    html`<p class="intro">Percentiles of the answers that ended ok. Vertical strokes are 95 % intervals; a percentile with too few samples is not drawn.${voids(views)}</p>`,
    views.map(
      (view, index) =>
        html`${view.heading === null ? null : html`<h3>${view.heading}</h3>`}<div class="charts">${charts.map((chart) => levelFigure(view.points, index, chart))}</div>`,
    ),
  );
}

function voids(views: readonly CellView[]): string {
  return views.some(({ points }) => points.some(({ validity }) => validity.state === 'void'))
    ? ' Void levels are hollow.'
    : '';
}

function levelFigure(points: readonly Point[], index: number, { metric, title, what }: (typeof charts)[number]): Html {
  const caption = html`<figcaption><strong>${title}</strong> ${what}</figcaption>`;
  if (!hasMetric(points, metric))
    return html`<figure class="panel">${caption}<p class="empty">${whyEmpty(points, metric)}</p></figure>`;
  const chart = (size: Size, name: string) =>
    trusted(
      levelChart({
        id: `${metric}-${index}-${name}`,
        title: `${title} by parallel requests`,
        metric,
        points,
        size,
        palette: variables,
      }),
    );
  return html`<figure class="panel">${caption}
<div class="chart">${drawing(chart(wide, 'wide'), chart(narrow, 'narrow'))}</div>
${fewSamples(points, metric)}</figure>`;
}

function whyEmpty(points: readonly Point[], metric: LevelMetric): string {
  if (points.every(({ ok }) => ok === 0)) return 'Nothing to draw: no answer ended ok.';
  if (points.some((point) => point[metric].samples > 0))
    return `Nothing to draw: p50 needs ${samplesNeeded.p50} answers, and no level had them.`;
  if (metric === 'latencyMs') return 'Nothing to draw: no answer brought a token.';
  if (metric === 'tpotMs') return 'Nothing to draw: the answers were not streamed, or their tokens were not counted.';
  return 'Nothing to draw: the answers were not streamed.';
}

function fewSamples(points: readonly Point[], metric: LevelMetric): Html | null {
  const sentences = (['p95', 'p99'] as const).flatMap((percentile) => {
    const levels = points
      .filter((point) => point[metric].samples > 0 && point[metric][percentile] === null)
      .map(({ level }) => level);
    return levels.length === 0 ? [] : [`${percentile} at ${levelList(levels, 5)}`];
  });
  return sentences.length === 0
    ? null
    : html`<p class="note">${capitalised('too few samples for ')}${sentences.join('; ')}.</p>`;
}
