import { answerSentence, answersOf } from '../answer.ts';
import { cellsOf } from '../cells.ts';
import { visible } from '../foreign-text.ts';
import { timeUnit, utc } from '../format.ts';
import type { Report } from '../report.ts';
import { statusOf } from '../status.ts';
import { displayWidth, fitted } from '../wrap.ts';
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
            size: { width: width - 2 * margin + 20, height: 510, fontSize: 18 },
            palette: light,
          }),
        );
  const subject = report.target.model ?? report.target.url;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif">
<rect width="${width}" height="${height}" fill="${light.panel}"/>
${line(report.name, { y: 62, size: 34, colour: light.ink, weight: 650 })}
${line(`Throughput against latency, by number of parallel requests · ${subject}`, { y: 94, size: 19, colour: light.muted })}
${chart}
${line((view && answerSentence(view)) ?? '', { y: height - 58, size: 22, colour: light.ink, weight: 600 })}
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
}

const room = width - 2 * margin;

/** A line of text across the picture: a little smaller if it is long, shortened if that is not enough. */
function line(text: string, { y, size: wished, colour, weight = 400 }: LineStyle): string {
  const seen = visible(text);
  // A column of text on the safe side, in em.
  const column = weight > 400 ? 0.74 : 0.64;
  const size = Math.max(Math.ceil(wished * 0.75), Math.min(wished, Math.floor(room / (displayWidth(seen) * column))));
  const fitting = fitted(seen, Math.floor(room / (size * column)));
  return `<text x="${margin}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped(fitting)}</text>`;
}

function nested(svg: string): string {
  return svg.replace('<svg ', `<svg x="${margin - 7}" y="116" overflow="visible" `);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character] ?? '');
}
