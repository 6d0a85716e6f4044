import { answersOf } from '../answer.ts';
import type { CellView } from '../cells.ts';
import { curveChart, type Size } from '../chart/curve-chart.ts';
import { type CurveAxes, type CurvePoint, type CurveRate, curvePoints, rateOf } from '../chart/curve-points.ts';
import { variables } from '../chart/palette.ts';
import { levelList, timeUnit } from '../format.ts';
import { drawing, section } from './elements.ts';
import { type Html, html, type Part, trusted } from './html.ts';

const wide: Size = { width: 720, height: 440, fontSize: 13 };
const narrow: Size = { width: 358, height: 330, fontSize: 12 };

/** Throughput against latency: the curve itself. */
export function curveSection(views: readonly CellView[]): Html {
  return section(
    'curve',
    'Throughput against latency',
    views.map((view, index) => cellCurve(view, index, 'latency')),
  );
}

/** The whole endpoint's throughput against what one user gets of it. */
export function perUserSection(views: readonly CellView[]): Html {
  return section(
    'per-user',
    'Throughput per user against total',
    views.map((view, index) => cellCurve(view, index, 'per-user')),
  );
}

function cellCurve(view: CellView, index: number, axes: CurveAxes): Html {
  const rate = rateOf(view.points);
  const points = rate === null ? [] : curvePoints(view.points, answersOf(view), axes, rate);
  const heading = view.heading === null ? null : html`<h3>${view.heading}</h3>`;
  if (rate === null || points.length === 0) return html`${heading}<p class="empty">${whyEmpty(view, axes)}</p>`;
  const chart = (size: Size, name: string) =>
    trusted(
      curveChart({ ...axesOf(axes, rate, points), id: `${axes}-${index}-${name}`, points, size, palette: variables }),
    );
  return html`${heading}<figure class="beside">
<div class="chart">${drawing(chart(wide, 'wide'), chart(narrow, 'narrow'))}</div>
<figcaption>${caption(view, points, axes, rate)}</figcaption>
</figure>`;
}

function axesOf(axes: CurveAxes, rate: CurveRate, points: readonly CurvePoint[]) {
  const yLabel = rate === 'outputTokensPerSecond' ? 'Output tokens/s' : 'Answers/s';
  if (axes === 'per-user') {
    return {
      title: 'Throughput of the endpoint against throughput per user',
      xLabel: 'Tokens/s per user, p50',
      yLabel,
      xUnit: 1,
    };
  }
  const unit = timeUnit(Math.max(...points.map(({ x }) => x)));
  return { title: 'Throughput against latency', xLabel: `Latency, p50 (${unit.name})`, yLabel, xUnit: unit.ms };
}

function whyEmpty({ points }: CellView, axes: CurveAxes): string {
  if (points.every(({ ok }) => ok === 0)) return 'Nothing to draw: no answer ended ok.';
  const tooFew = 'Nothing to draw: at no level were there enough answers for a median.';
  if (axes === 'latency' || points.some(({ tokensPerSecondPerUser }) => tokensPerSecondPerUser.samples > 0))
    return tooFew;
  if (points.every(({ ttftMs }) => ttftMs.samples === 0)) {
    return 'Nothing to draw: the answers were not streamed, so their pace for a user is unknown.';
  }
  return 'Nothing to draw: the endpoint sent no count of tokens.';
}

function caption(view: CellView, points: readonly CurvePoint[], axes: CurveAxes, rate: CurveRate): Part {
  const absent = view.points.filter(({ level }) => !points.some((point) => point.level === level));
  return html`${readings[axes].map((text) => html`<p>${text}</p>`)}
${axes === 'latency' ? legend(points) : null}
${rate === 'requestsPerSecond' ? html`<p>The endpoint sent no count of tokens, so answers per second are drawn instead.</p>` : null}
${absent.length > 0 ? html`<p>Not drawn for want of figures: ${levelList(absent.map(({ level }) => level))}.</p>` : null}`;
}

/** The marks that occur, in words; the second chart has the same. */
function legend(points: readonly CurvePoint[]): Html {
  const states = new Set(points.map(({ state }) => state));
  const hasKnee = points.some(({ knee }) => knee);
  const whiskers = points.some(({ xInterval, yInterval }) => [...xInterval, ...yInterval].some((end) => end !== null));
  return html`<ul class="legend">
${states.has('ok') ? html`<li>${sign('ok')} a level that can be believed</li>` : null}
${states.has('suspect') ? html`<li>${sign('suspect')} suspect: see Validity</li>` : null}
${states.has('void') ? html`<li>${sign('void')} void: never an answer, and not joined</li>` : null}
${hasKnee ? html`<li>${sign('knee')} balanced, the knee of the curve</li>` : null}
${whiskers ? html`<li>${sign('whisker')} 95 % interval within this run, where wider than the mark</li>` : null}
</ul>`;
}

const readings: Readonly<Record<CurveAxes, readonly string[]>> = {
  latency: [
    'Each point is a level of load, labelled with its number of parallel requests. Up is more work done by the endpoint, left is a shorter wait for one answer.',
    'Follow the line from its lower end: as long as it climbs, more parallel requests pay. Where it bends to the right they only wait longer.',
  ],
  'per-user': [
    'The same levels, seen by one reader of an answer: to the right, text appears faster; up, the endpoint serves more in all. The label is the number of parallel requests.',
    'Reading takes about 4 to 7 tokens/s (200 to 300 words a minute); what is much faster serves machines.',
  ],
};

function sign(kind: 'ok' | 'suspect' | 'void' | 'knee' | 'whisker'): Html {
  return html`<svg class="sign" width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">${trusted(signs[kind])}</svg>`;
}

const signs = {
  ok: '<circle cx="9" cy="7" r="4.5" fill="var(--accent)"/>',
  suspect: '<path d="M9 1.5L14 7L9 12.5L4 7Z" fill="var(--accent)"/>',
  void: '<circle cx="9" cy="7" r="4.2" fill="var(--panel)" stroke="var(--muted)" stroke-width="1.5"/>',
  knee: '<circle cx="9" cy="7" r="6.3" fill="var(--accentTint)" stroke="var(--accent)"/><circle cx="9" cy="7" r="3" fill="var(--accent)"/>',
  whisker: '<path d="M2 7H16M9 1V13" stroke="var(--accent)" stroke-width="1.25"/>',
} as const;
