import { visible } from '../foreign-text.ts';

const markup = Symbol('markup');

/** Text that is HTML already. Only `html` and `trusted` make it. */
export interface Html {
  readonly [markup]: string;
}

/** What may stand in a template: HTML as it is, text and numbers escaped, null as nothing, lists item by item. */
export type Part = Html | string | number | null | readonly Part[];

/** A template of HTML. Attribute values must stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return trusted(String.raw({ raw: strings }, ...parts.map(render)));
}

/** Marks markup of our own making, such as a drawing or the style sheet, as HTML. */
export function trusted(text: string): Html {
  return { [markup]: text };
}

/** HTML as text. */
export function render(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  return isHtml(part) ? part[markup] : part.map(render).join('');
}

function isHtml(part: Html | readonly Part[]): part is Html {
  return markup in part;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
