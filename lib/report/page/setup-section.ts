import type { Report } from '../report.ts';
import { setupOf } from '../setup.ts';
import { stableJson } from '../stable-json.ts';
import { foreign, scrolling, section } from './elements.ts';
import { type Html, html } from './html.ts';

/** What was measured, how, from where and when; the whole spec with its defaults folded away. */
export function setupSection(report: Report): Html {
  return section(
    'setup',
    'Setup',
    html`<div class="setup">${setupOf(report).map(
      ({ title, items }) =>
        html`<div><h3>${title}</h3><dl>${items.map((item) => html`<div><dt>${item.name}</dt><dd>${item.foreign ? foreign(item.value) : item.value}</dd></div>`)}</dl></div>`,
    )}</div>`,
    html`<details><summary>The whole spec, defaults filled in (durations in milliseconds)</summary>${scrolling('The whole spec', html`<pre>${lines(stableJson(report.spec))}</pre>`)}</details>`,
  );
}

/** Line by line, for a line break is escaped like any other control character. */
function lines(text: string): readonly Html[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => html`${line}\n`);
}
