import type { Goodput, Point, SloCheck } from '../../curve/point.ts';
import type { Slo } from '../../spec/slo.ts';
import type { CellView } from '../cells.ts';
import { capitalised, count, percent } from '../format.ts';
import { missing, type Shown, shown, shownOr } from '../shown.ts';
import { boundText, checkName, measuredText, missText, sloText } from '../slo-texts.ts';
import { figureText, prose, scrolling, section, sloBadge } from './elements.ts';
import { type Html, html, type Part } from './html.ts';

/** Every level held against every bound of the SLO, and how many requests were good. */
export function sloSection(slo: Slo, views: readonly CellView[]): Html {
  return section(
    'slo',
    'Service level objective',
    html`<p class="intro">${prose(capitalised(sloText(slo)))}. Percentiles here count a failed request as never answered; a void level decides nothing.</p>`,
    views.map(
      (view) =>
        html`${view.heading === null ? null : html`<h3>${view.heading}</h3>`}${sloTable(view)}${skippedNote(view)}`,
    ),
  );
}

function sloTable({ points, heading }: CellView): Html {
  const checks = points.find(({ slo }) => slo)?.slo?.checks ?? [];
  const goodput = goodputColumns(points, checks);
  const heads: Part[] = [
    html`<th scope="col" class="figure">Parallel requests</th>`,
    checks.length === 0 ? null : html`<th scope="col" class="figure">SLO</th>`,
    checks.map(
      (check) =>
        html`<th scope="col" class="figure">${capitalised(checkName(check.what))} <span class="unit">${boundText(check)}</span></th>`,
    ),
    goodput.map(({ head }) => html`<th scope="col" class="figure">${head}</th>`),
  ];
  return scrolling(
    heading ?? 'Service level objective',
    html`<table class="compact">
<thead><tr>${heads}</tr></thead>
<tbody>${points.map((point) => row(point, goodput))}</tbody>
</table>`,
  );
}

interface GoodputColumn {
  readonly head: Part;
  show(goodput: Goodput): Shown;
}

const whyNone = 'no request could be held against the bounds';
const shareColumn: GoodputColumn = {
  head: 'Goodput',
  show: ({ share }) => (share === null ? missing(whyNone) : shown(percent(share))),
};
const rateColumn: GoodputColumn = {
  head: html`Good requests <span class="unit">/s</span>`,
  show: ({ requestsPerSecond }) => shownOr(requestsPerSecond, whyNone),
};

/** The share is left out where a check shows it already. */
function goodputColumns(points: readonly Point[], checks: readonly SloCheck[]): readonly GoodputColumn[] {
  if (!points.some(({ goodput }) => goodput)) return [];
  return checks.some(({ what }) => what === 'goodputShare') ? [rateColumn] : [shareColumn, rateColumn];
}

function row(point: Point, goodput: readonly GoodputColumn[]): Html {
  const { slo, goodput: good } = point;
  return html`<tr class="${point.validity.state}"><th scope="row" class="figure">${count(point.level)}</th>${
    slo === null ? null : html`<td class="figure">${sloBadge(slo.verdict)}</td>${slo.checks.map(checkCell)}`
  }${good && goodput.map(({ show }) => html`<td class="figure">${figureText(show(good))}</td>`)}</tr>`;
}

function checkCell(check: SloCheck): Html {
  const measured = measuredText(check);
  const by = missText(check);
  if (measured === null)
    return html`<td class="figure">${figureText(missing('not known: too few requests, or none with this figure'))}</td>`;
  const text = html`${measured}${by === null ? null : html`<span class="interval">${by}</span>`}`;
  return check.verdict === 'missed'
    ? html`<td class="figure miss">${text}</td>`
    : html`<td class="figure">${text}</td>`;
}

/** Answers that lack a metric are judged without its bound; that must not go unsaid. */
function skippedNote({ points }: CellView): Html | null {
  const skipped = points.reduce((sum, { goodput }) => sum + (goodput?.skipped ?? 0), 0);
  if (skipped === 0) return null;
  const answers = skipped === 1 ? 'One answer lacked' : `${count(skipped)} answers lacked`;
  return html`<p class="note">${answers} a metric that is bounded for each request, and ${skipped === 1 ? 'was' : 'were'} judged without that bound.</p>`;
}
