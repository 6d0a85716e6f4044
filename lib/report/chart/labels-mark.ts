import type { RenderFunction } from '@observablehq/plot';
import type { Segment } from './boxes.ts';
import { svgElement } from './draw.ts';
import type { Palette } from './palette.ts';
import { type Anchor, type Placement, placeLabels } from './place-labels.ts';

/** A label at a place of the chart's own scales. */
export interface PointLabel {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly rank: number;
  /** Stands out, and is never left out. */
  readonly answer: boolean;
  /** Radius of the mark at the point, in pixels. */
  readonly radius: number;
}

export interface LabelOptions {
  readonly labels: readonly PointLabel[];
  /** Lines to keep off, in the chart's own scales. */
  readonly lines: readonly Segment[];
  readonly fontSize: number;
  readonly palette: Palette;
}

type Scale = (value: number) => number;

/** A mark that writes labels beside points, without collisions. */
export function labelsMark({ labels, lines, fontSize, palette }: LabelOptions): RenderFunction {
  return (_index, scales, _values, dimensions, { document }) => {
    const x = scales['x'] as Scale;
    const y = scales['y'] as Scale;
    const anchors = labels.map(
      ({ answer, ...label }): Anchor => ({ ...label, x: x(label.x), y: y(label.y), must: answer }),
    );
    const placements = placeLabels(anchors, {
      left: dimensions.marginLeft,
      top: dimensions.marginTop - fontSize / 2,
      width: dimensions.width - dimensions.marginLeft - dimensions.marginRight / 4,
      height: dimensions.height - dimensions.marginTop - dimensions.marginBottom + fontSize / 2,
      fontSize,
      segments: lines.map(({ x1, y1, x2, y2 }) => ({ x1: x(x1), y1: y(y1), x2: x(x2), y2: y(y2) })),
    });
    const group = svgElement(document, 'g', { 'font-size': fontSize });
    for (const { leader } of placements)
      if (leader)
        group.append(svgElement(document, 'line', { ...leader, stroke: palette.muted, 'stroke-width': 0.75 }));
    for (const placement of placements) group.append(label(document, placement, palette));
    return group as never;
  };
}

function label(document: Parameters<typeof svgElement>[0], { anchor, x, y, align }: Placement, palette: Palette) {
  const text = svgElement(document, 'text', {
    x,
    y,
    dy: '0.34em',
    'text-anchor': align,
    fill: anchor.must ? palette.ink : palette.muted,
    'font-weight': anchor.must ? 600 : 400,
    stroke: palette.panel,
    'stroke-width': 3,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
  });
  text.textContent = anchor.text;
  return text;
}
