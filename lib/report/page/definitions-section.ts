import { definitions } from '../definitions.ts';
import { section } from './elements.ts';
import { type Html, html } from './html.ts';

/** What the figures mean, in short. */
export function definitionsSection(): Html {
  return section(
    'definitions',
    'What the figures mean',
    html`<dl class="definitions">${definitions.map(({ term, meaning }) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl>`,
  );
}
