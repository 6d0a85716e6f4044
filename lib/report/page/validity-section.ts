import { reasonNames } from '../../curve/validity.ts';
import type { CellView } from '../cells.ts';
import { clientSentence, driftText, type Finding, findingsOf, notesOf, validitySentence } from '../findings.ts';
import { capitalised, count, levelList } from '../format.ts';
import { noteText } from '../note-texts.ts';
import { reasonFigure, reasonTexts } from '../reason-texts.ts';
import type { Report } from '../report.ts';
import { saidByWorkers } from '../worker-words.ts';
import { clientTable } from './client-table.ts';
import { foreign, prose, section, stateBadge } from './elements.ts';
import { type Html, html } from './html.ts';

/** How far the figures can be believed, why, and what to do about it; and how the client itself fared. */
export function validitySection(report: Report, views: readonly CellView[]): Html {
  return section(
    'validity',
    'Validity',
    views.map((view) => cellValidity(view)),
    report.warnings.length === 0
      ? null
      : html`<h3>Warnings</h3><ul>${report.warnings.map((warning) => html`<li>${foreign(warning)}</li>`)}</ul>`,
    html`<details><summary>Everything that is checked</summary><dl class="definitions">${reasonNames.map((name) => html`<dt>${reasonTexts[name].title} <code>${name}</code></dt><dd>${reasonTexts[name].meaning} ${reasonTexts[name].remedy}</dd>`)}</dl></details>`,
  );
}

function cellValidity(view: CellView): Html {
  const { heading, points } = view;
  const notes = notesOf(points);
  return html`${heading === null ? null : html`<h3>${heading}</h3>`}
<p>${validitySentence(points)} ${points.length === 0 ? null : driftText(view)}</p>
${findingsOf(points).map(findingBlock)}
${notes.length === 0 ? null : html`<h3>Remarks</h3><ul>${notes.map(({ note, levels }) => html`<li>${noteText(note)} <span class="where">${capitalised(levelList(levels))}.</span></li>`)}</ul>`}
${points.length === 0 ? null : html`<h3>How the client fared</h3><p>${prose(clientSentence(points) ?? '')}</p>${clientTable(points)}${workerWords(points)}`}`;
}

function workerWords(points: CellView['points']): Html | null {
  const said = saidByWorkers(points);
  if (said.length === 0) return null;
  return html`<h3>What workers said of themselves</h3>
<ul class="messages">${said.map(({ words, where }) => html`<li>${capitalised(where)}<blockquote>${foreign(words)}</blockquote></li>`)}</ul>`;
}

const mostPlaces = 6;

function findingBlock({ name, text, state, places }: Finding): Html {
  const { title, meaning, remedy } = text;
  const shown = places.length <= mostPlaces ? places : places.slice(0, mostPlaces - 1);
  return html`<div class="finding ${state}">
<h3>${title} ${stateBadge(state)} <code>${name}</code></h3>
<p>${meaning}</p>
<p><strong>What to do:</strong> ${remedy}</p>
<ul class="places">${shown.map((place) => placeItem(place))}${places.length > shown.length ? html`<li>and ${count(places.length - shown.length)} more levels</li>` : null}</ul>
</div>`;
}

function placeItem({ level, reason }: Finding['places'][number]): Html {
  const measured = reasonFigure(reason);
  return html`<li><span class="place">level ${count(level)}</span> ${reason.state}${measured === null ? null : html`: ${prose(measured)}`}</li>`;
}
