import { areaY, axisX, axisY, line, ruleY } from '@observablehq/plot';
import type { Point } from '../../curve/point.ts';
import { count, figure } from '../format.ts';
import type { Size } from './curve-chart.ts';
import { draw } from './draw.ts';
import type { Palette } from './palette.ts';

export interface SlicesChartOptions {
  readonly id: string;
  readonly point: Point;
  readonly of: 'outputTokensPerSecond' | 'inFlight';
  readonly size: Size;
  readonly palette: Palette;
}

interface Step {
  readonly from: number;
  readonly value: number;
}

/** The course of a level through its window as a small step line: output tokens per second, or requests in flight. */
export function slicesChart({ id, point, of, size, palette }: SlicesChartOptions): string | null {
  const steps = stepsOf(point, of);
  const values = steps.map(({ value }) => value);
  if (values.length === 0) return null;
  const highest = Math.max(...values, of === 'inFlight' ? point.level : 0);
  const top = highest === 0 ? 1 : highest * 1.08;
  const mark = of === 'inFlight' ? point.level : (point.outputTokensPerSecond.value ?? highest);
  const { width, height, fontSize } = size;
  const colour = of === 'inFlight' ? palette.third : palette.accent;
  const axis = { color: palette.muted, tickSize: 0, label: null };
  return draw({
    id,
    title: `${of === 'inFlight' ? 'Requests in flight' : 'Output tokens per second'} at level ${count(point.level)}`,
    description: `Between ${figure(Math.min(...values))} and ${figure(Math.max(...values))} over ${figure(point.windowSeconds)} seconds.`,
    fontSize,
    options: {
      width,
      height,
      marginTop: fontSize * 0.7,
      marginRight: fontSize * 0.6,
      marginBottom: of === 'inFlight' ? fontSize * 1.8 : fontSize * 0.7,
      marginLeft: fontSize * 3.8,
      x: { domain: [0, point.windowSeconds], axis: null },
      y: { domain: [0, top], axis: null },
      marks: [
        axisY([0, mark], { ...axis, text: (value: number) => count(value) }),
        ...(of === 'inFlight' ? secondsAxis(point.windowSeconds, axis) : []),
        areaY(steps, { x: 'from', y: 'value', fill: colour, fillOpacity: 0.14, curve: 'step-after' }),
        ruleY([mark], { stroke: palette.muted, strokeWidth: 0.75, strokeDasharray: '2,2' }),
        line(steps, { x: 'from', y: 'value', stroke: colour, strokeWidth: 1.5, curve: 'step-after' }),
        ruleY([0], { stroke: palette.rule }),
      ],
    },
  });
}

/** The ends of the window, written inwards so that they stay within the panel. */
function secondsAxis(
  windowSeconds: number,
  axis: { readonly color: string; readonly tickSize: number; readonly label: null },
) {
  return [
    axisX([0], { ...axis, text: () => '0', textAnchor: 'start' }),
    axisX([windowSeconds], { ...axis, text: () => `${count(windowSeconds)} s`, textAnchor: 'end' }),
  ];
}

/** Left edges of the slices with their values; the last value again at the end of the window. */
function stepsOf({ slices, windowSeconds }: Point, of: SlicesChartOptions['of']): Step[] {
  const width = windowSeconds / Math.max(1, slices.length);
  const steps = slices.flatMap((slice, index) => {
    const value = slice[of];
    return value === null ? [] : [{ from: index * width, value }];
  });
  const last = steps.at(-1);
  return last ? [...steps, { from: windowSeconds, value: last.value }] : [];
}
