import { axisX, axisY, dot, gridX, gridY, line, type Markish, text } from '@observablehq/plot';
import type { Point } from '../../curve/point.ts';
import { count, figure, time, timeUnit } from '../format.ts';
import type { Size } from './curve-chart.ts';
import { draw } from './draw.ts';
import type { Palette } from './palette.ts';

/** Metrics whose shape a point keeps. */
export type ShapedMetric = 'ttftMs' | 'tpotMs' | 'latencyMs';

export interface DistributionChartOptions {
  readonly id: string;
  readonly title: string;
  readonly point: Point;
  readonly metric: ShapedMetric;
  readonly size: Size;
  readonly palette: Palette;
}

const axisNames: Readonly<Record<ShapedMetric, string>> = { ttftMs: 'TTFT', tpotMs: 'TPOT', latencyMs: 'Latency' };
const marked = ['p50', 'p95', 'p99'] as const;

/** Share of answers at or below each time, from the quantiles of a level; null when none are kept. */
export function distributionChart(options: DistributionChartOptions): string | null {
  const { id, title, point, metric, size, palette } = options;
  const { quantiles, ...distribution } = point[metric];
  const [least, greatest] = [quantiles?.[0], quantiles?.at(-1)];
  if (!quantiles || least === undefined || greatest === undefined) return null;
  const unit = timeUnit(greatest);
  const steps = quantiles.map((value, step) => ({
    value: value / unit.ms,
    share: (100 * step) / (quantiles.length - 1),
  }));
  const percentiles = marked.flatMap((name) => {
    const value = distribution[name];
    return value === null ? [] : [{ name, value: value / unit.ms, share: Number(name.slice(1)) }];
  });
  const { width, height, fontSize } = size;
  const colour = { color: palette.muted, tickSize: 0 };
  const ticks = Math.max(2, Math.floor(width / (fontSize * 6)));
  return draw({
    id,
    title,
    description: description(distribution, [least, greatest]),
    fontSize,
    options: {
      width,
      height,
      marginTop: fontSize * 2.2,
      marginRight: fontSize * 4.6,
      marginBottom: fontSize * 3.2,
      marginLeft: fontSize * 3.2,
      x: { domain: domainOf(least / unit.ms, greatest / unit.ms) },
      y: { domain: [0, 100] },
      marks: [
        gridX({ stroke: palette.rule, strokeOpacity: 1, ticks }),
        gridY([0, 50, 100], { stroke: palette.rule, strokeOpacity: 1 }),
        axisX({ ...colour, label: `${axisNames[metric]} (${unit.name})`, ticks }),
        axisY([0, 50, 100], { ...colour, label: '% of answers', text: count }),
        line(steps, { x: 'value', y: 'share', stroke: palette.accent, strokeWidth: 2 }),
        ...percentileMarks(percentiles, palette),
      ],
    },
  });
}

/** From zero where that costs little room, else around the values; a single value gets room on both sides. */
function domainOf(least: number, greatest: number): [number, number] {
  if (greatest >= least * 2) return [0, greatest];
  const pad = Math.max((greatest - least) * 0.08, greatest * 0.01);
  return [Math.max(0, least - pad), greatest + pad];
}

function percentileMarks(
  percentiles: readonly { readonly name: string; readonly value: number; readonly share: number }[],
  palette: Palette,
): Markish[] {
  const place = { x: 'value', y: 'share' } as const;
  // p99 stands so close above p95 that their names would touch: only the higher of the two is named.
  const named = percentiles.filter(({ name }) => name === 'p50' || name === percentiles.at(-1)?.name);
  return [
    dot(percentiles, { ...place, r: 3.2, fill: palette.accent, stroke: palette.panel, strokeWidth: 1 }),
    text(named, {
      ...place,
      text: ({ name, value }: (typeof percentiles)[number]) => `${name} ${figure(value)}`,
      fill: palette.ink,
      stroke: palette.panel,
      strokeWidth: 3,
      textAnchor: 'start',
      dx: 7,
      dy: 9,
      fontWeight: 600,
    }),
  ];
}

function description(
  distribution: Pick<Point['ttftMs'], (typeof marked)[number]>,
  [least, greatest]: readonly [number, number],
): string {
  const told = marked.flatMap((name) => {
    const value = distribution[name];
    return value === null ? [] : [`${name} ${time(value)}`];
  });
  return `Between ${time(least)} and ${time(greatest)}; ${told.join(', ')}.`;
}
