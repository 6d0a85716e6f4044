import { axisX, axisY, dot, gridY, line, link, type Markish, text } from '@observablehq/plot';
import type { Distribution, GapDistribution, Point } from '../../curve/point.ts';
import { count, figure, timeUnit } from '../format.ts';
import type { Size } from './curve-chart.ts';
import { draw } from './draw.ts';
import { levelTicks } from './level-ticks.ts';
import type { Palette } from './palette.ts';

/** Metrics in milliseconds that are drawn by level. */
export type LevelMetric = 'ttftMs' | 'tpotMs' | 'interChunkMs' | 'latencyMs';

export interface LevelChartOptions {
  readonly id: string;
  readonly title: string;
  readonly metric: LevelMetric;
  readonly points: readonly Point[];
  readonly size: Size;
  readonly palette: Palette;
}

interface Dot {
  readonly level: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly hollow: boolean;
  readonly title: string;
}

interface Series {
  readonly name: 'p50' | 'p95' | 'p99';
  readonly dots: readonly Dot[];
  readonly colour: string;
  readonly dash: string;
}

const axisNames: Readonly<Record<LevelMetric, string>> = {
  ttftMs: 'TTFT',
  tpotMs: 'TPOT',
  interChunkMs: 'Gap',
  latencyMs: 'Latency',
};

/** Whether a metric has a value at any level. */
export function hasMetric(points: readonly Point[], metric: LevelMetric): boolean {
  return points.some((point) => point[metric].p50 !== null);
}

/** p50, p95 and p99 of a metric by level, with whiskers where intervals are given; levels on a scale of ratios. */
export function levelChart({ id, title, metric, points, size, palette }: LevelChartOptions): string {
  const { fontSize, width, height } = size;
  const unit = timeUnit(highestOf(points, metric));
  const series = seriesOf(points, metric, unit.ms, palette);
  const highest = Math.max(...series.flatMap(({ dots }) => dots.map(({ value, high }) => high ?? value)));
  const marginLeft = fontSize * (1.6 + 0.6 * figure(highest).length);
  const marginRight = fontSize * 3;
  const levels = points.map(({ level }) => level);
  const x = levelScale(levels, { from: marginLeft, to: width - marginRight });
  const colour = { color: palette.muted, tickSize: 0 };
  return draw({
    id,
    title,
    description: description(series, unit.name),
    fontSize,
    options: {
      width,
      height,
      marginTop: fontSize * 2.4,
      marginRight,
      marginBottom: fontSize * 3.4,
      marginLeft,
      x: { type: x.type, domain: [...x.domain] },
      y: { domain: [0, highest * 1.05], nice: true },
      marks: [
        gridY({ stroke: palette.rule, strokeOpacity: 1, ticks: 4 }),
        axisX([...levelTicks(levels, x.at, fontSize)], { ...colour, label: 'Parallel requests', text: count }),
        axisY({ ...colour, label: `${axisNames[metric]} (${unit.name})`, ticks: 4 }),
        ...series.flatMap((one) => seriesMarks(one, palette, points.length > 40 ? 1.5 : 3)),
        endLabels(series, { height: height - fontSize * 5.8, top: highest * 1.05, fontSize }),
      ],
    },
  });
}

function highestOf(points: readonly Point[], metric: LevelMetric): number {
  return Math.max(
    ...points.flatMap((point) => [point[metric].p50 ?? 0, point[metric].p95 ?? 0, point[metric].p99 ?? 0]),
  );
}

function seriesOf(points: readonly Point[], metric: LevelMetric, unitMs: number, palette: Palette): Series[] {
  const styles = [
    { name: 'p50', colour: palette.accent, dash: '' },
    { name: 'p95', colour: palette.second, dash: '5,3' },
    { name: 'p99', colour: palette.third, dash: '1.5,3' },
  ] as const;
  return styles.map(({ name, colour, dash }) => ({
    name,
    colour,
    dash,
    dots: points.flatMap((point) => dotOf(point, metric, name, unitMs)),
  }));
}

function dotOf(point: Point, metric: LevelMetric, name: Series['name'], unitMs: number): Dot[] {
  const distribution: Distribution | GapDistribution = point[metric];
  const value = distribution[name];
  if (value === null) return [];
  const [low, high] = 'ci' in distribution ? distribution.ci[name] : [null, null];
  const inUnit = (bound: number | null) => (bound === null ? null : bound / unitMs);
  return [
    {
      level: point.level,
      value: value / unitMs,
      low: inUnit(low),
      high: inUnit(high),
      hollow: point.validity.state === 'void',
      title: `${count(point.level)} parallel: ${name} ${figure(value / unitMs)} ${unitMs === 1 ? 'ms' : 's'}`,
    },
  ];
}

function seriesMarks({ dots, colour, dash }: Series, palette: Palette, radius: number): Markish[] {
  const whiskers = dots.filter(({ low, high }) => low !== null || high !== null);
  return [
    line(
      dots.filter(({ hollow }) => !hollow),
      { x: 'level', y: 'value', stroke: colour, strokeWidth: 1.75, ...(dash === '' ? {} : { strokeDasharray: dash }) },
    ),
    link(whiskers, {
      x1: 'level',
      x2: 'level',
      y1: ({ low, value }: Dot) => low ?? value,
      y2: ({ high, value }: Dot) => high ?? value,
      stroke: colour,
      strokeOpacity: 0.6,
    }),
    dot(dots, {
      x: 'level',
      y: 'value',
      r: radius,
      fill: ({ hollow }: Dot) => (hollow ? palette.panel : colour),
      stroke: ({ hollow }: Dot) => (hollow ? colour : palette.panel),
      strokeWidth: 1,
      title: 'title',
    }),
  ];
}

/** Names of the series at their right ends, moved apart where they would touch. */
function endLabels(
  series: readonly Series[],
  plane: { readonly height: number; readonly top: number; readonly fontSize: number },
): Markish[] {
  const least = (plane.fontSize * 1.1 * plane.top) / plane.height;
  const ends = series
    .flatMap(({ name, dots, colour }) =>
      dots.slice(-1).map((end) => ({ name, colour, level: end.level, y: end.value })),
    )
    .toSorted((a, b) => a.y - b.y);
  let floor = Number.NEGATIVE_INFINITY;
  const placed = ends.map((end) => {
    floor = Math.max(end.y, floor + least);
    return { ...end, y: floor };
  });
  return placed.map((end) =>
    text([end], { x: 'level', y: 'y', text: 'name', fill: end.colour, textAnchor: 'start', dx: 7, fontWeight: 600 }),
  );
}

interface LevelScale {
  readonly type: 'log' | 'linear';
  readonly domain: readonly [number, number];
  at(level: number): number;
}

/** Logarithmic, since levels usually double; a single level stands in the middle. */
function levelScale(
  levels: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): LevelScale {
  const [low, high] = [levels[0] ?? 1, levels.at(-1) ?? 1];
  if (low === high) return { type: 'log', domain: [low / 2, high * 2], at: () => (from + to) / 2 };
  const type = high / low >= 6 ? 'log' : 'linear';
  const share = (level: number) =>
    type === 'log' ? Math.log(level / low) / Math.log(high / low) : (level - low) / (high - low);
  return { type, domain: [low, high], at: (level) => from + share(level) * (to - from) };
}

function description(series: readonly Series[], unit: string): string {
  const told = series.map(({ name, dots }) => {
    const [first, last] = [dots[0], dots.at(-1)];
    if (!first || !last) return `${name}: too few samples at every level.`;
    if (first === last) return `${name}: ${figure(first.value)} ${unit} at ${count(first.level)}.`;
    return `${name}: ${figure(first.value)} ${unit} at ${count(first.level)} to ${figure(last.value)} ${unit} at ${count(last.level)} parallel requests.`;
  });
  return told.join(' ');
}
