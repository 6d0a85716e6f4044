import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import type { Size } from '../chart/curve-chart.ts';
import { distributionChart, type ShapedMetric } from '../chart/distribution-chart.ts';
import { variables } from '../chart/palette.ts';
import { count, levelList, parallelRequests } from '../format.ts';
import { section, stateBadge } from './elements.ts';
import { type Html, html, trusted } from './html.ts';

const size: Size = { width: 340, height: 220, fontSize: 12 };
/** With more levels than this the page would grow heavy: the others are in report.json. */
const mostLevels = 20;

const metrics: readonly { readonly metric: ShapedMetric; readonly title: string }[] = [
  { metric: 'ttftMs', title: 'Time to first token' },
  { metric: 'tpotMs', title: 'Time per output token' },
  { metric: 'latencyMs', title: 'Latency' },
];

/** How times are spread at the balanced level, and folded away at the others. */
export function distributionsSection(views: readonly CellView[]): Html {
  return section(
    'distributions',
    'Distributions at a level',
    html`<p class="intro">The share of answers that took at most so long, of those that ended ok: the steeper, the more alike. Scales differ from panel to panel.</p>`,
    views.map((view, index) => cellDistributions(view, index)),
  );
}

function cellDistributions(view: CellView, index: number): Html {
  const chosen = chosenPoint(view);
  const heading = view.heading === null ? null : html`<h3>${view.heading}</h3>`;
  if (chosen === null)
    return html`${heading}<p class="empty">Nothing to draw: at no level that can be believed were there at least 20 answers.</p>`;
  const rest = view.points.filter((point) => point !== chosen && hasShape(point));
  const why =
    chosen.level === view.curve?.answers.balanced ? 'the balanced level' : 'the highest level that can be believed';
  return html`${heading}<p class="at-level"><strong>${parallelRequests(chosen.level)}</strong>, ${why}${stateOf(chosen)}</p>
${panels(chosen, index)}
${rest.length >= mostLevels ? html`<p class="note">The quantiles of ${count(rest.length)} more levels are in report.json.</p>` : rest.map((point) => folded(point, index))}
${missingNote(view)}`;
}

const hasShape = (point: Point) => metrics.some(({ metric }) => point[metric].quantiles);

/** The balanced level, else the highest valid one. */
function chosenPoint({ curve, points }: CellView): Point | null {
  const valid = points.filter((point) => point.validity.state !== 'void' && hasShape(point));
  return valid.find(({ level }) => level === curve?.answers.balanced) ?? valid.at(-1) ?? null;
}

function stateOf({ validity }: Point): Html | null {
  return validity.state === 'ok' ? null : html` ${stateBadge(validity.state)}`;
}

function folded(point: Point, index: number): Html {
  return html`<details class="level"><summary>${parallelRequests(point.level)}${stateOf(point)}</summary>${panels(point, index)}</details>`;
}

function panels(point: Point, index: number): Html {
  return html`<div class="distributions">${metrics.map(({ metric, title }) => {
    const svg = distributionChart({
      id: `distribution-${index}-${point.level}-${metric}`,
      title: `${title} at ${parallelRequests(point.level)}`,
      point,
      metric,
      size,
      palette: variables,
    });
    return html`<figure class="panel"><figcaption>${title}</figcaption>${svg === null ? html`<p class="empty">Fewer than 20 answers have one.</p>` : html`<div class="chart">${trusted(svg)}</div>`}</figure>`;
  })}</div>`;
}

function missingNote({ points }: CellView): Html | null {
  const without = points.filter((point) => !hasShape(point)).map(({ level }) => level);
  return without.length === 0 ? null : html`<p class="note">Fewer than 20 answers at ${levelList(without)}.</p>`;
}
