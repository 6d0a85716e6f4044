import { answerSentence, answersOf } from '../answer.ts';
import { cellsOf } from '../cells.ts';
import { visible } from '../foreign-text.ts';
import { timeUnit, utc } from '../format.ts';
import type { Report } from '../report.ts';
import { statusOf } from '../status.ts';
import { displayWidth, fitted, wrapped } from '../wrap.ts';
import { curveChart } from './curve-chart.ts';
import { curvePoints, rateOf } from './curve-points.ts';
import { light } from './palette.ts';

const width = 1280;
const height = 720;
const margin = 56;

/** Throughput against latency as a picture of 16 : 9 that needs nothing around it; of a grid, its first cell. */
export function curveSvg(report: Report): string {
  const [view] = cellsOf(report);
  const rate = view ? rateOf(view.points) : null;
  const points = view && rate ? curvePoints(view.points, answersOf(view), 'latency', rate) : [];
  const unit = timeUnit(Math.max(0, ...points.map(({ x }) => x)));
  const answer = answerOf((view && answerSentence(view)) ?? '');
  const chart =
    points.length === 0
      ? line(statusOf(report).headline, { y: height / 2, size: 26, colour: light.muted })
      : nested(
          curveChart({
            id: 'curve',
            title: 'Throughput against latency',
            points,
            xLabel: `Latency, p50 (${unit.name})`,
            yLabel: rate === 'requestsPerSecond' ? 'Answers/s' : 'Output tokens/s',
            xUnit: unit.ms,
            size: { width: width - 2 * margin + 20, height: 536 - answer.length * answerLeading, fontSize: 18 },
            palette: light,
          }),
        );
  const subject = report.target.model ?? report.target.url;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif">
<rect width="${width}" height="${height}" fill="${light.panel}"/>
${line(report.name, { y: 62, size: 34, colour: light.ink, weight: 650 })}
${line(`Throughput against latency, by number of parallel requests · ${subject}`, { y: 94, size: 19, colour: light.muted })}
${chart}
${answer.map(({ text, size }, index) => line(text, { y: height - 58 - (answer.length - 1 - index) * answerLeading, size, colour: light.ink, weight: 600, em: ownEm })).join('\n')}
${line(footer(report, view?.heading ?? null), { y: height - 26, size: 15, colour: light.muted })}
</svg>
`;
}

function footer({ startedAtEpochMs, version, ended }: Report, heading: string | null): string {
  const state = ended === null ? ' · still running' : '';
  const cell = heading === null ? '' : ` · ${heading}`;
  return `${utc(startedAtEpochMs)}${cell}${state} · Paretoken ${version} · hollow: void, diamond: suspect; strokes: 95 % intervals within this run`;
}

interface LineStyle {
  readonly y: number;
  readonly size: number;
  readonly colour: string;
  readonly weight?: number;
  /** Width of a column. */
  readonly em?: number;
}

const room = width - 2 * margin;
const answerLeading = 26;
const answerSizes = [22, 20, 18] as const;
const mostAnswerLines = 3;

/** Columns of text that fit across the picture, each so many em wide: of foreign text on the safe side. */
const columnsAt = (size: number, em: number) => Math.floor(room / (size * em));
const ownEm = 0.58;
const foreignEm = (weight: number) => (weight > 400 ? 0.74 : 0.64);

/** The answer in as few lines as it takes, smaller where that saves one. */
function answerOf(sentence: string): readonly { readonly text: string; readonly size: number }[] {
  if (sentence === '') return [];
  const tries = answerSizes.map((size) => ({
    size,
    lines: wrapped(visible(sentence), columnsAt(size, ownEm)).split('\n'),
  }));
  const fewest = Math.min(...tries.map(({ lines }) => lines.length));
  const { size, lines } = tries.find((one) => one.lines.length === fewest) ?? { size: 18, lines: [] };
  const shown = lines.slice(0, mostAnswerLines);
  return shown.map((text, index) => ({
    text: index === mostAnswerLines - 1 ? [text, ...lines.slice(mostAnswerLines)].join(' ') : text,
    size,
  }));
}

/**
 * A line of text across the picture: a little smaller if it is long, shortened if that is not enough, and then whole in its
 * title.
 */
function line(text: string, { y, size: wished, colour, weight = 400, em = foreignEm(weight) }: LineStyle): string {
  const seen = visible(text);
  const least = Math.ceil(wished * 0.75);
  const sizes = Array.from({ length: wished - least + 1 }, (_, step) => wished - step);
  const size = sizes.find((one) => displayWidth(seen) <= columnsAt(one, em)) ?? least;
  const fitting = fitted(seen, columnsAt(size, em));
  const title = fitting === seen ? '' : `<title>${escaped(seen)}</title>`;
  return `<text x="${margin}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${title}${escaped(fitting)}</text>`;
}

function nested(svg: string): string {
  return svg.replace('<svg ', `<svg x="${margin - 7}" y="116" overflow="visible" `);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? '');
}
