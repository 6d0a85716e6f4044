import type { Point } from '../../curve/point.ts';
import { type Answer, answerName, answerRemarks, answerSentence, answersOf, noBalance } from '../answer.ts';
import type { CellView } from '../cells.ts';
import { capitalised, count, percent } from '../format.ts';
import { probeWarningTexts } from '../probe-texts.ts';
import type { Report } from '../report.ts';
import { missing, type Shown, shown, shownPercentile, shownRate } from '../shown.ts';
import { noSloLevel } from '../slo-answer.ts';
import { type Status, statusOf } from '../status.ts';
import { figureText, foreign, prose, section, stateBadge } from './elements.ts';
import { type Html, html } from './html.ts';

/** What to do: how many parallel requests to send, or why that can't be said. */
export function answerSection(report: Report, views: readonly CellView[]): Html {
  const status = statusOf(report);
  return section(
    'answer',
    'Answer',
    status.tone === 'calm' ? null : callout(status),
    views.map(cellAnswer),
    status.remarks.length === 0
      ? null
      : html`<p class="remark">${status.remarks.map((sentence) => html`${foreign(sentence)} `)}</p>`,
    (report.probe?.warnings ?? []).map((warning) => html`<p class="remark">${probeWarningTexts[warning]}</p>`),
  );
}

function callout({ tone, headline, happened, quote, quoted, remedy }: Status): Html {
  return html`<div class="callout ${tone}">
<p class="callout-title">${headline}</p>
<p>${happened.map((sentence) => html`${foreign(sentence)} `)}</p>
${quote === null ? null : html`<figure class="quote"><figcaption>${quoted}</figcaption><blockquote>${foreign(quote)}</blockquote></figure>`}
${remedy === null ? null : html`<p><strong>What to do:</strong> ${remedy}</p>`}
</div>`;
}

function cellAnswer(view: CellView): Html | null {
  const sentence = answerSentence(view);
  if (sentence === null) return null;
  const soFar = view.running ? html`<span class="so-far">So far: </span>` : null;
  return html`${view.heading === null ? null : html`<h3>${view.heading}</h3>`}
<p class="lead">${soFar}${withStrongNumbers(sentence)}</p>
<div class="cards">${cards(view)}</div>
${answerRemarks(view).map((remark) => html`<p class="remark">${prose(remark)}</p>`)}`;
}

function withStrongNumbers(sentence: string): readonly (Html | string)[] {
  return sentence
    .split(/((?<![\w.])(?:\d[\d,.]*\d|\d))/)
    .map((piece, index) => (index % 2 === 1 ? html`<strong>${piece}</strong>` : piece));
}

/** The SLO's first; the place of a missing balance is after the lowest latency. */
function cards(view: CellView): readonly (Html | null)[] {
  const answers = answersOf(view);
  const upTo = answers.findIndex(({ kinds }) => kinds.includes('lowLatency')) + 1;
  const drawn = answers.map(card);
  return [slolessCard(view), ...drawn.slice(0, upTo), kneelessCard(view), ...drawn.slice(upTo)];
}

/** A median in the unit that suits it. */
function timeFigure(name: string, point: Point, metric: 'ttftMs' | 'latencyMs'): readonly [string, Shown, string] {
  const inSeconds = (point[metric].p50 ?? 0) >= 1000;
  return [name, shownPercentile(point, metric, 'p50', inSeconds ? 1000 : 1), inSeconds ? 's' : 'ms'];
}

function goodputFigure({ goodput }: Point): readonly (readonly [string, Shown, string])[] {
  const share = goodput?.share ?? null;
  return share === null ? [] : [['Goodput', shown(percent(share)), '']];
}

function card(answer: Answer): Html {
  const { level, kinds, point } = answer;
  const figures: readonly (readonly [string, Shown, string])[] =
    point === null
      ? []
      : [
          ['Output', shownRate(point, 'outputTokensPerSecond'), 'tokens/s'],
          ['Per user', shownPercentile(point, 'tokensPerSecondPerUser', 'p50'), 'tokens/s'],
          timeFigure('TTFT', point, 'ttftMs'),
          timeFigure('Latency', point, 'latencyMs'),
          ...goodputFigure(point),
        ];
  const state = point === null || point.validity.state === 'ok' ? null : stateBadge(point.validity.state);
  return html`<div class="card${kinds.includes('balanced') ? ' balanced' : ''}">
<p class="card-name">${capitalised(answerName(answer))} ${state}</p>
<p class="card-level"><span class="number">${count(level)}</span> parallel ${level === 1 ? 'request' : 'requests'}</p>
<dl>${figures.map(([name, value, unit]) => html`<div><dt>${name}</dt><dd>${figureText({ ...value, interval: null })}${value.why === null ? html` <span class="unit">${unit}</span>` : null}</dd></div>`)}</dl>
</div>`;
}

/** Stands where the balanced level would, when there is none though there are several levels. */
function kneelessCard({ curve, points }: CellView): Html | null {
  if (curve === null || curve.answers.balanced !== null || points.length < 2) return null;
  return emptyCard('Balanced', noBalance(curve.knee.reason, points));
}

/** Stands where the SLO's level would, when no level is known to meet it. */
function slolessCard(view: CellView): Html | null {
  const why = noSloLevel(view);
  return why === null ? null : emptyCard('SLO limit', why);
}

function emptyCard(name: string, why: string): Html {
  return html`<div class="card none">
<p class="card-name">${name}</p>
<p class="card-level"><span class="number">${figureText(missing(why))}</span></p>
<p class="card-why">None yet: ${prose(why)}.</p>
</div>`;
}
