import { axisX, axisY, dot, gridX, gridY, line, link, type Markish } from '@observablehq/plot';
import { count } from '../format.ts';
import type { Segment } from './boxes.ts';
import type { CurvePoint } from './curve-points.ts';
import { draw } from './draw.ts';
import { labelsMark, type PointLabel } from './labels-mark.ts';
import type { Palette } from './palette.ts';

/** Size of a drawing in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
  readonly fontSize: number;
}

export interface CurveChartOptions {
  readonly id: string;
  readonly title: string;
  readonly points: readonly CurvePoint[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** What one unit of the x axis is, in the unit of the points. */
  readonly xUnit: number;
  readonly size: Size;
  readonly palette: Palette;
}

/** Levels on a plane of two figures, joined in rising order, whiskers for intervals, each labelled by its level. */
export function curveChart(options: CurveChartOptions): string {
  const { size, palette, xUnit } = options;
  const points = options.points.map((point) => scaled(point, xUnit));
  const highest = Math.max(...points.map(({ y, yInterval }) => Math.max(y, yInterval[1] ?? 0)));
  const { fontSize } = size;
  const ticks = { color: palette.muted, tickSize: 0 };
  return draw({
    id: options.id,
    title: options.title,
    description: description(points),
    fontSize,
    options: {
      width: size.width,
      height: size.height,
      marginTop: fontSize * 2.6,
      marginRight: fontSize * 2,
      marginBottom: fontSize * 3.6,
      marginLeft: fontSize * (1.6 + 0.6 * count(Math.round(highest)).length),
      x: { domain: xDomain(points), nice: true },
      y: { domain: [0, highest * (points.length === 1 ? 1.6 : 1.06)], nice: true },
      marks: [
        gridX({ stroke: palette.rule, strokeOpacity: 1, ticks: size.width / (fontSize * 6.5) }),
        gridY({ stroke: palette.rule, strokeOpacity: 1, ticks: 6 }),
        axisX({ ...ticks, label: options.xLabel, ticks: size.width / (fontSize * 6.5) }),
        axisY({ ...ticks, label: options.yLabel, ticks: 6 }),
        ...pointMarks(points, size, palette),
      ],
    },
  });
}

function scaled(point: CurvePoint, xUnit: number): CurvePoint {
  const [low, high] = point.xInterval;
  return {
    ...point,
    x: point.x / xUnit,
    xInterval: [low === null ? null : low / xUnit, high === null ? null : high / xUnit],
  };
}

/** From zero where that costs little room, else around the points. */
function xDomain(points: readonly CurvePoint[]): [number, number] {
  const least = Math.min(...points.map(({ x, xInterval }) => Math.min(x, xInterval[0] ?? x)));
  const most = Math.max(...points.map(({ x, xInterval }) => Math.max(x, xInterval[1] ?? x)));
  if (points.length === 1) return [0, most * 1.8];
  if (most >= least * 1.5) return [0, most * 1.06];
  const pad = Math.max((most - least) * 0.12, most * 0.005);
  return [Math.max(0, least - pad), most + pad];
}

function pointMarks(points: readonly CurvePoint[], size: Size, palette: Palette): Markish[] {
  const radius = Math.max(3.5, size.fontSize / 2.8) * (points.length > 60 ? 0.6 : 1);
  const joined = points.filter(({ state }) => state !== 'void');
  const whiskers = points.flatMap(whiskersOf);
  const of = (state: CurvePoint['state']) => points.filter((point) => point.state === state);
  const place = { x: 'x', y: 'y', title: 'title' } as const;
  return [
    line(joined, { x: 'x', y: 'y', stroke: palette.accent, strokeWidth: 2 }),
    link(whiskers, {
      x1: 'x1',
      y1: 'y1',
      x2: 'x2',
      y2: 'y2',
      stroke: palette.accent,
      strokeWidth: 1.25,
      strokeOpacity: 0.65,
    }),
    dot(
      points.filter(({ knee }) => knee),
      { ...place, r: radius * 2, fill: palette.accentTint, stroke: palette.accent, strokeWidth: 1.25 },
    ),
    dot(of('void'), { ...place, r: radius, fill: palette.panel, stroke: palette.muted, strokeWidth: 1.5 }),
    dot(of('suspect'), {
      ...place,
      symbol: 'diamond',
      r: radius * 1.15,
      fill: palette.accent,
      stroke: palette.panel,
      strokeWidth: 1,
    }),
    dot(of('ok'), { ...place, r: radius, fill: palette.accent, stroke: palette.panel, strokeWidth: 1 }),
    labelsMark({
      labels: labelsOf(points, radius),
      lines: [...linesOf(joined), ...whiskers],
      fontSize: size.fontSize,
      palette,
    }),
  ];
}

function whiskersOf({ x, y, xInterval, yInterval }: CurvePoint): Segment[] {
  const across =
    xInterval[0] === null && xInterval[1] === null
      ? []
      : [{ x1: xInterval[0] ?? x, y1: y, x2: xInterval[1] ?? x, y2: y }];
  const up =
    yInterval[0] === null && yInterval[1] === null
      ? []
      : [{ x1: x, y1: yInterval[0] ?? y, x2: x, y2: yInterval[1] ?? y }];
  return [...across, ...up];
}

function linesOf(points: readonly CurvePoint[]): Segment[] {
  return points.slice(1).map((point, index) => {
    const before = points[index] ?? point;
    return { x1: before.x, y1: before.y, x2: point.x, y2: point.y };
  });
}

/** Answers first, then the ends, then every other, fourth, … level, so that what is left out is left out evenly. */
function labelsOf(points: readonly CurvePoint[], radius: number): PointLabel[] {
  const labels = points.map(({ level, x, y, answer, knee, state }, index) => {
    const end = index === 0 || index === points.length - 1;
    const word = answer ?? (state === 'void' ? 'void' : null);
    return {
      x,
      y,
      text: word === null ? count(level) : `${count(level)} · ${word}`,
      rank: answer !== null ? 0 : end ? 1 : 2 + spreadRank(index, points.length),
      answer: answer !== null,
      radius: knee ? radius * 2 : radius + 1,
    };
  });
  return labels.filter(({ rank }) => points.length <= mostLabelled || rank <= mostLabelledRank);
}

/** Beyond this many points only every so-many-th is labelled: 2 ** rank labels of each rank. */
const mostLabelled = 32;
const mostLabelledRank = 5;

/** 0 for the middle of a row, 1 for the middles of its halves, and so on. */
function spreadRank(index: number, of: number): number {
  let [low, high, rank] = [0, of - 1, 0];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (index === middle) return rank;
    if (index < middle) high = middle;
    else low = middle;
    rank++;
  }
  return rank;
}

function description(points: readonly CurvePoint[]): string {
  const most = 12;
  const rest = points.length > most ? ` And ${count(points.length - most)} more: see the table of all levels.` : '';
  const told = points.slice(0, most).map(({ title, answer }) => (answer === null ? title : `${title} (${answer})`));
  return `${told.join('; ')}.${rest}`;
}
