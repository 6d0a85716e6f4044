import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** A chart ready to be drawn: what Plot is to plot, and what a screen reader says of it. */
export interface Chart {
  /** Unique on the page: the accessible title and description hang on it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly fontSize: number;
  readonly options: PlotOptions;
}

/** The part of the DOM that is used here; the compiler knows no browser. */
export interface SvgElement {
  readonly tagName: string;
  textContent: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<SvgElement>;
  append(...children: readonly SvgElement[]): void;
  prepend(...children: readonly SvgElement[]): void;
  remove(): void;
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** An SVG element of a document, with its attributes. */
export function svgElement(
  document: { createElementNS(namespace: string, name: string): SvgElement },
  name: string,
  attributes: Readonly<Record<string, string | number>>,
): SvgElement {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/**
 * Draws a chart as an `svg` element in text. It holds no style sheet, no style attribute and no class, so that it
 * may stand under a strict content security policy; all its texts are escaped by the serialiser.
 */
export function draw(chart: Chart): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg: SvgElement = plot({ ...chart.options, document, figure: false });
  for (const style of [...svg.querySelectorAll('style')]) style.remove();
  for (const element of svg.querySelectorAll('*')) tidy(element);
  svg.removeAttribute('class');
  svg.setAttribute('font-size', String(chart.fontSize));
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${chart.id}-title`);
  svg.setAttribute('aria-describedby', `${chart.id}-description`);
  const title = svgElement(document, 'title', { id: `${chart.id}-title` });
  title.textContent = chart.title;
  const description = svgElement(document, 'desc', { id: `${chart.id}-description` });
  description.textContent = chart.description;
  svg.prepend(title, description);
  return svg.outerHTML;
}

/** Coordinates to a tenth of a pixel; labels of groups go, for what lies in an image is not read out. */
function tidy(element: SvgElement): void {
  for (const { name, value } of [...element.attributes]) {
    if (name === 'aria-label' || name === 'aria-hidden') element.removeAttribute(name);
    else if (/\.\d\d/.test(value)) element.setAttribute(name, value.replace(/-?\d+\.\d\d+/g, shortNumber));
  }
}

function shortNumber(text: string): string {
  return String(Number(Number(text).toFixed(Math.abs(Number(text)) < 1 ? 2 : 1)));
}
