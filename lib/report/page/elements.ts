import type { SloVerdict } from '../../curve/point.ts';
import type { ValidityState } from '../../plan/verdict.ts';
import type { Shown } from '../shown.ts';
import { type Html, html, type Part } from './html.ts';

/** Foreign text, kept from turning its surroundings around; it may break after a slash. */
export function foreign(text: string): Html {
  const pieces = text.split(/(?<=[^/]\/)(?=[^/])/);
  return html`<bdi>${pieces.map((piece, index) => (index === 0 ? piece : html`<wbr>${piece}`))}</bdi>`;
}

/** A sentence of ours, its figures kept on one line with their units, `n − 1` too. */
export function prose(text: string): string {
  return text.replace(/(?<=\d) (?=(%|ms|s|tokens\/s)(?![\w/]))|(?<=[≤≥−]) | (?=− 1)/g, '\u00a0');
}

/** A section of the page with its heading. */
export function section(id: string, title: string, ...content: readonly Part[]): Html {
  return html`
<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${content}
</section>`;
}

/** A figure, or its mark of absence with the reason for the pointer and for screen readers. */
export function figureText({ text, why, interval }: Shown): Html {
  if (why !== null)
    return html`<span class="missing" title="${why}">${text}<span class="unseen"> (${why})</span></span>`;
  return interval === null ? html`${text}` : html`${text}<span class="interval">${interval}</span>`;
}

/** `ok`, `suspect` or `void` with its sign. */
export function stateBadge(state: ValidityState): Html {
  return html`<span class="badge ${state}">${state}</span>`;
}

/** `met`, `missed` or `undecided` with its sign. */
export function sloBadge(verdict: SloVerdict): Html {
  return html`<span class="badge ${verdict}">${verdict}</span>`;
}

/** A region that scrolls sideways on its own and can be reached by the keyboard. */
export function scrolling(label: string, content: Part): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}

/** A drawing for wide screens and one for phones; a style sheet shows one of them. */
export function drawing(wide: Html, narrow: Html): Html {
  return html`<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`;
}
