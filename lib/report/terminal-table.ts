import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Point } from '../curve/point.ts';
import type { ValidityState } from '../plan/verdict.ts';
import { type CellView, cellsOf } from './cells.ts';
import { type Column, columnsOf } from './columns.ts';
import type { Report } from './report.ts';
import { type AnswerLine, answerLines, notebookLines, reasonLines } from './terminal-lines.ts';

export interface TerminalOptions {
  /** Width of the terminal in characters. */
  readonly columns: number;
  readonly color: boolean;
}

/**
 * The levels as a table for the terminal, the reasons for doubt beneath it, the answer as its last lines. Columns
 * are dropped by rank until the rest fits; foreign text holds no escapes.
 */
export function terminalTable(report: Report, options: TerminalOptions): string {
  const blocks = cellsOf(report).flatMap((view) => [
    ...(view.heading === null ? [] : [paint('bold', view.heading, options)]),
    ...(view.points.length === 0 ? [] : [tableOf(view, options)]),
    paintReasons(reasonLines(view, options.columns), options),
  ]);
  return [
    ...blocks,
    notebookLines(report, options.columns),
    answerLines(report, options.columns)
      .map((line) => paintAnswer(line, options))
      .join('\n'),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

const gap = 2;

function tableOf({ points }: CellView, options: TerminalOptions): string {
  const all = columnsOf(points).map((column) => layOut(column, points));
  const shown = fitting(all, options.columns);
  const table = new Table({
    head: shown.map(({ head }) =>
      head
        .split('\n')
        .map((line) => paint('dim', line, options))
        .join('\n'),
    ),
    chars: noBorders,
    colAligns: shown.map(() => 'right'),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  points.forEach((point, row) => {
    table.push(shown.map(({ column, cells }) => paintCell(column, point, cells[row] ?? '', options)));
  });
  return table.toString();
}

interface LaidOut {
  readonly column: Column;
  readonly head: string;
  readonly cells: readonly string[];
  readonly width: number;
}

/** A heading of up to three lines (group, name, unit) over the column's texts. */
function layOut(column: Column, points: readonly Point[]): LaidOut {
  const { group, title, unit, id } = column;
  const name = id === 'level' ? 'parallel' : title === title.toUpperCase() ? title : title.toLowerCase();
  const lines = [group ?? '', name, unit ?? ''];
  const cells = points.map((point) => column.show(point).text);
  return {
    column,
    head: lines.join('\n'),
    cells,
    width: Math.max(...[...lines, ...cells].map(({ length }) => length)),
  };
}

/** The columns of least rank that fit side by side, in reading order. */
function fitting(all: readonly LaidOut[], width: number): readonly LaidOut[] {
  const chosen: LaidOut[] = [];
  let used = -gap;
  for (const one of all.toSorted((a, b) => a.column.rank - b.column.rank)) {
    if (used + gap + one.width > width && chosen.length > 0) break;
    used += gap + one.width;
    chosen.push(one);
  }
  return all.filter((one) => chosen.includes(one));
}

const stateColours: Readonly<Record<ValidityState, 'green' | 'yellow' | 'red'>> = {
  ok: 'green',
  suspect: 'yellow',
  void: 'red',
};

function paintCell({ id }: Column, { validity }: Point, text: string, options: TerminalOptions): string {
  if (id === 'validity') return paint(stateColours[validity.state], text, options);
  if (validity.state === 'void') return paint('dim', text, options);
  return id === 'level' ? paint('bold', text, options) : text;
}

/** Colours the word that begins a reason. */
function paintReasons(text: string, options: TerminalOptions): string {
  return text.replace(/^(void|suspect)(?=: )/gm, (state) => paint(state === 'void' ? 'red' : 'yellow', state, options));
}

const tones = { answer: 'bold', caution: 'yellow', failed: 'red' } as const;

function paintAnswer({ text, tone }: AnswerLine, options: TerminalOptions): string {
  return tone === 'plain'
    ? text
    : text
        .split('\n')
        .map((line) => paint(tones[tone], line, options))
        .join('\n');
}

function paint(format: 'bold' | 'dim' | 'green' | 'yellow' | 'red', text: string, { color }: TerminalOptions): string {
  return color ? styleText(format, text, { validateStream: false }) : text;
}
