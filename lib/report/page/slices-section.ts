import type { Point } from '../../curve/point.ts';
import { answersOf } from '../answer.ts';
import type { CellView } from '../cells.ts';
import type { Size } from '../chart/curve-chart.ts';
import { variables } from '../chart/palette.ts';
import { slicesChart } from '../chart/slices-chart.ts';
import { count, parallelRequests } from '../format.ts';
import { section, stateBadge } from './elements.ts';
import { type Html, html, trusted } from './html.ts';

const rateSize: Size = { width: 200, height: 74, fontSize: 10.5 };
const flightSize: Size = { width: 200, height: 70, fontSize: 10.5 };
const mostPanels = 12;

/** How steady each level was: requests in flight and tokens per second over the slices of its window. */
export function slicesSection(views: readonly CellView[]): Html {
  return section(
    'steadiness',
    'Steadiness within each window',
    html`<p class="intro">Each window in 20 slices: output tokens/s above with its mean dashed, requests in flight below with the level dashed. Even lines mean that the load was held and the endpoint kept its pace. Scales differ from panel to panel.</p>`,
    views.map((view, index) => cellSlices(view, index)),
  );
}

function cellSlices(view: CellView, index: number): Html {
  const shown = chosen(view);
  const left = view.points.length - shown.length;
  return html`${view.heading === null ? null : html`<h3>${view.heading}</h3>`}
<div class="multiples">${shown.map((point) => panel(point, `slices-${index}-${point.level}`))}</div>
${left === 0 ? null : html`<p class="note">${count(left)} more levels are in report.json.</p>`}`;
}

/** At most a dozen levels: those that answer, those in doubt, the ends, then evenly from the rest. */
function chosen(view: CellView): readonly Point[] {
  const { points } = view;
  if (points.length <= mostPanels) return points;
  const answers = answersOf(view).map(({ level }) => level);
  const even = Array.from(
    { length: mostPanels },
    (_, index) => points[Math.round((index * (points.length - 1)) / (mostPanels - 1))],
  );
  const wanted = [
    ...points.filter(({ level }) => answers.includes(level)),
    points[0],
    points.at(-1),
    ...points.filter(({ validity }) => validity.state === 'void').slice(0, 3),
    ...points.filter(({ validity }) => validity.state === 'suspect').slice(0, 2),
    ...even,
  ].filter((point) => point !== undefined);
  return [...new Set(wanted)].slice(0, mostPanels).toSorted((a, b) => a.level - b.level);
}

function panel(point: Point, id: string): Html {
  const rate = slicesChart({
    id: `${id}-rate`,
    point,
    of: 'outputTokensPerSecond',
    size: rateSize,
    palette: variables,
  });
  const flight = slicesChart({ id: `${id}-flight`, point, of: 'inFlight', size: flightSize, palette: variables });
  const none = (what: string) => html`<p class="empty">no ${what}</p>`;
  return html`<figure class="multiple">
<figcaption><strong>${parallelRequests(point.level)}</strong>${point.validity.state === 'ok' ? null : html` ${stateBadge(point.validity.state)}`}</figcaption>
<p class="series rate">Output tokens/s</p>${rate === null ? none('count of tokens') : trusted(rate)}
<p class="series flight">In flight</p>${flight === null ? none('slices') : trusted(flight)}
</figure>`;
}
