import { definitionsOf } from '../definitions.ts';
import type { Report } from '../report.ts';
import { section } from './elements.ts';
import { type Html, html } from './html.ts';

/** What the figures mean, in short. */
export function definitionsSection(report: Report): Html {
  return section(
    'definitions',
    'What the figures mean',
    html`<dl class="definitions">${definitionsOf(report).map(({ term, meaning }) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`,
  );
}
