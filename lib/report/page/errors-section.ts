import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import { failureMessages, failuresByOutcome } from '../failures.ts';
import { count, levelList, percent } from '../format.ts';
import { outcomeTexts } from '../outcome-texts.ts';
import { type Percentile, shownWithFailures } from '../shown.ts';
import { figureText, foreign, scrolling, section } from './elements.ts';
import { type Html, html } from './html.ts';

/** Failed requests by outcome, in the endpoint's own words, and percentiles with failures counted. */
export function errorsSection(views: readonly CellView[]): Html {
  return section('errors', 'Errors', views.map(cellErrors));
}

function cellErrors({ heading, points }: CellView): Html {
  const requests = points.reduce((sum, point) => sum + point.requests, 0);
  const failures = failuresByOutcome(points);
  const title = heading === null ? null : html`<h3>${heading}</h3>`;
  if (failures.length === 0) {
    return html`${title}<p>${requests === 0 ? 'No request was measured.' : allOk(requests)}</p>`;
  }
  return html`${title}${scrolling(
    'Errors by outcome',
    html`<table>
<thead><tr><th scope="col">Outcome</th><th scope="col" class="figure">Requests</th><th scope="col" class="figure">Of all</th><th scope="col">Where</th><th scope="col">What it means</th></tr></thead>
<tbody>${failures.map(({ outcome, requests: failed, levels }) => html`<tr><th scope="row"><code>${outcome}</code></th><td class="figure">${count(failed)}</td><td class="figure">${percent(failed / requests)}</td><td>${levelList(levels, 6)}</td><td class="words">${outcomeTexts[outcome]}</td></tr>`)}</tbody>
</table>`,
  )}
${messages(points)}
${withFailures(points)}`;
}

function allOk(requests: number): string {
  return requests === 1 ? 'The one measured request ended ok.' : `All ${count(requests)} measured requests ended ok.`;
}

function messages(points: readonly Point[]): Html | null {
  const all = failureMessages(points);
  const shown = all.slice(0, 12);
  if (shown.length === 0) return null;
  return html`<h3>In the endpoint’s own words</h3>
<ul class="messages">${shown.map(
    ({ outcome, message, count: times, levels }) =>
      html`<li><span class="times">${count(times)} ×</span> <code>${outcome}</code>, ${levelList(levels, 4)}<blockquote>${foreign(message)}</blockquote></li>`,
  )}</ul>
${all.length > shown.length ? html`<p class="note">${count(all.length - shown.length)} more messages are in report.json.</p>` : null}`;
}

const counted: readonly Percentile[] = ['p50', 'p95', 'p99'];

function withFailures(points: readonly Point[]): Html | null {
  const failing = points.filter((point) => (point.errorShare ?? 0) > 0);
  if (failing.length === 0) return null;
  return html`<h3>Percentiles with failures counted</h3>
<p class="intro">Over all requests of a level, a failed one as never answered. “not reached” means that so many failed that the percentile is one of them.</p>
${scrolling(
  'Percentiles with failures counted',
  html`<table>
<thead><tr><th scope="col" rowspan="2" class="figure">Parallel requests</th><th scope="colgroup" colspan="3" class="group">TTFT (ms)</th><th scope="colgroup" colspan="3" class="group">Latency (s)</th></tr>
<tr>${[...counted, ...counted].map((percentile) => html`<th scope="col" class="figure">${percentile}</th>`)}</tr></thead>
<tbody>${failing.map((point) => html`<tr><th scope="row" class="figure">${count(point.level)}</th>${counted.map((percentile) => html`<td class="figure">${figureText(shownWithFailures(point.ttftMs.withFailures[percentile], percentile))}</td>`)}${counted.map((percentile) => html`<td class="figure">${figureText(shownWithFailures(point.latencyMs.withFailures[percentile], percentile, 1000))}</td>`)}</tr>`)}</tbody>
</table>`,
)}`;
}
