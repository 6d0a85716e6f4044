import { figure } from '../../report/format.ts';
import { wrapped } from '../../report/wrap.ts';
import type { Paint } from '../paint.ts';
import type { Accuracy } from './accuracy.ts';
import type { AccuracyVerdict } from './accuracy-verdict.ts';
import type { ErrorSpread } from './stamp-errors.ts';

interface Column {
  /** Heading above the name; neighbours with the same one share it. */
  readonly group: string;
  readonly name: string;
  readonly cell: (accuracy: Accuracy) => string;
}

const orDash = (value: number | null, unit = '') => (value === null ? '–' : `${figure(value)}${unit}`);
/** A percentile of too few samples is at most the largest of them. */
const atMost = (value: number | null, { most }: ErrorSpread) =>
  value === null && most !== null ? `≤ ${figure(most)}` : orDash(value);

const stamps = 'token stamps late by, ms';
const columns: readonly Column[] = [
  { group: '', name: 'streams', cell: ({ streams }) => String(streams) },
  { group: stamps, name: 'p50', cell: ({ tokenErrorMs }) => orDash(tokenErrorMs.p50) },
  { group: stamps, name: 'p99', cell: ({ tokenErrorMs }) => atMost(tokenErrorMs.p99, tokenErrorMs) },
  { group: stamps, name: 'p99.9', cell: ({ tokenErrorMs }) => atMost(tokenErrorMs.p999, tokenErrorMs) },
  { group: stamps, name: 'least', cell: ({ tokenErrorMs }) => orDash(tokenErrorMs.least) },
  { group: 'TTFT', name: 'p99, ms', cell: ({ ttftErrorMs }) => atMost(ttftErrorMs.p99, ttftErrorMs) },
  { group: 'CPU', name: 'a token', cell: ({ cpuUsPerToken }) => orDash(cpuUsPerToken, ' µs') },
  { group: 'loop late', name: 'p99, ms', cell: ({ eventLoopDelayP99Ms }) => orDash(eventLoopDelayP99Ms) },
];

const gap = '   ';

/** A line per count of streams, under two lines of headings; fits 80 columns. */
export function accuracyTable(accuracies: readonly Accuracy[], paint: Paint): string {
  const laidOut = columns.map(({ group, name, cell }) => {
    const cells = accuracies.map(cell);
    const alone = columns.filter((other) => other.group === group).length === 1;
    return { group, name, cells, width: Math.max(...[alone ? group : '', name, ...cells].map(({ length }) => length)) };
  });
  const groups = [...new Set(columns.map(({ group }) => group))].map((group) => {
    const widths = laidOut.filter((column) => column.group === group).map(({ width }) => width);
    return group.padStart(widths.reduce((sum, width) => sum + gap.length + width, -gap.length));
  });
  const line = (textOf: (column: (typeof laidOut)[number]) => string) =>
    laidOut.map((column) => textOf(column).padStart(column.width)).join(gap);
  return [
    paint('dim', groups.join(gap)),
    paint(
      'dim',
      line(({ name }) => name),
    ),
    ...accuracies.map((_, row) => line(({ cells }) => cells[row] ?? '')),
  ].join('\n');
}

const legend =
  'Stamps late by: from the mock’s write of a token to this client’s stamp of it. TTFT: what the client measures beyond the mock’s own, the way of the request included. CPU, loop: of the thread that stamps. ≤: too few for this percentile, so the largest stands.';

/** How exact the client was, what that means for figures, and what is doubtful about it. */
export function selftestText(
  accuracies: readonly Accuracy[],
  verdict: AccuracyVerdict | null,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const doubts = (verdict?.doubts ?? []).map(({ text }) => paintLines('yellow', wrapped(`But: ${text}`, width), paint));
  const sentence = verdict === null ? nothing : verdictSentence(verdict);
  const blocks = [
    accuracyTable(accuracies, paint),
    paintLines('dim', wrapped(legend, width), paint),
    ...doubts,
    paintLines('bold', wrapped(sentence, width), paint),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const nothing = 'Nothing could be measured: no answer of the mock ended well at the highest count of streams.';

/** `At 64 streams this client adds p50 0.05 ms, p99 0.9 ms to the time of a token: trust differences above 2 ms.` */
export function verdictSentence({ streams, addsMs, trustAboveMs }: AccuracyVerdict): string {
  const at = streams === 1 ? '1 stream' : `${streams} streams`;
  const { p50, p99, most } = addsMs;
  const tail = p99 === null ? `at most ${figure(most)}` : `p99 ${figure(p99)}`;
  return `At ${at} this client adds p50 ${figure(p50)} ms, ${tail} ms to the time of a token: trust differences above ${trustAboveMs} ms.`;
}

function paintLines(format: Parameters<Paint>[0], text: string, paint: Paint): string {
  return text
    .split('\n')
    .map((line) => paint(format, line))
    .join('\n');
}
