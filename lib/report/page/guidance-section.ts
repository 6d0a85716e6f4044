import { type GuidanceGroup, guidanceOf, suspectNote } from '../guidance/guidance.ts';
import type { Report } from '../report.ts';
import { prose, section } from './elements.ts';
import { type Html, html } from './html.ts';

/** What the figures mean for who uses the endpoint; of several cells all but the first are folded away. */
export function guidanceSection(report: Report): Html {
  const groups = guidanceOf(report);
  const cells = groups.filter(({ lengths }) => !lengths);
  const [first, ...others] = cells;
  if (first === undefined) {
    return section(
      'guidance',
      title,
      html`<p class="empty">Nothing to tell${report.ended === null ? ' yet' : null}: no level can be believed.</p>`,
    );
  }
  const open = [...groups.filter(({ lengths }) => lengths), first];
  return section(
    'guidance',
    title,
    html`<p class="intro">p50 is the median: half of the answers were faster.${voids(report)}${report.ended === null ? ' The sweep still runs: this is how it stands.' : null}</p>`,
    open.map((group) => html`${group.heading === null ? null : html`<h3>${group.heading}</h3>`}${list(group)}`),
    others.map((group) => html`<details><summary>${group.heading}</summary>${list(group)}</details>`),
  );
}

const title = 'What the figures mean';

function voids({ points }: Report): string {
  return points.some(({ validity }) => validity.state === 'void') ? ' Void levels are left out.' : '';
}

function list(group: GuidanceGroup): Html {
  const note = suspectNote(group);
  return html`<dl class="guidance">${group.items.map(({ title: about, text }) => html`<div><dt>${about}</dt><dd>${prose(text)}</dd></div>`)}</dl>${note === null ? null : html`<p class="note">${note}</p>`}`;
}
