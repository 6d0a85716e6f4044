import type { NotebookLevel } from '../../curve/notebook-levels.ts';
import { sameCell } from '../../plan/cell.ts';
import type { NotebookFigures, PassFigures } from '../../plan/notebook.ts';
import type { ParityPass } from '../../plan/pass.ts';
import { type CellView, cellsOf } from '../cells.ts';
import { count, time } from '../format.ts';
import type { Report } from '../report.ts';
import { type Shown, shown, shownOr, shownPercentile, shownRate } from '../shown.ts';

/** The notebook's figures of the levels of a cell, beside Paretoken's own. */
export interface NotebookTable {
  /** Names the cell; null when it is the only one. */
  readonly heading: string | null;
  readonly levels: readonly NotebookLevel[];
  readonly rows: readonly (readonly Shown[])[];
}

/** A column of the table, under the heading of whose figure it is. */
export interface NotebookColumn {
  readonly group: 'Notebook' | 'Paretoken, streamed' | null;
  readonly title: string;
  readonly unit: string | null;
  show(level: NotebookLevel, view: CellView): Shown;
}

const noPass = 'no answer of this pass was ok, or it was not run';
const noUsage = 'a pass is missing, or the endpoint sent no count of tokens';
const noStage = 'the streamed stage was not run';

export const notebookColumns: readonly NotebookColumn[] = [
  { group: null, title: 'Parallel requests', unit: null, show: ({ level }) => shown(count(level)) },
  {
    group: 'Notebook',
    title: 'Latency',
    unit: 's',
    show: ({ figures }) => ofAnswers(shownOr(figures.latencyMs, noPass, 1000), figures, 'parity_full'),
  },
  {
    group: 'Notebook',
    title: 'TTFT',
    unit: 'ms',
    show: ({ figures }) => ofAnswers(shownOr(figures.ttftMs, noPass), figures, 'parity_1'),
  },
  { group: 'Notebook', title: 'TPOT', unit: 'ms', show: ({ figures }) => shownOr(figures.tpotMs, noUsage) },
  {
    group: 'Notebook',
    title: 'In + out',
    unit: 'tokens/s',
    show: ({ figures }) => shownOr(figures.tokensPerSecond, noUsage),
  },
  streamed('Latency', 's', (point) => shownPercentile(point, 'latencyMs', 'p50', 1000)),
  streamed('TTFT', 'ms', (point) => shownPercentile(point, 'ttftMs', 'p50')),
  streamed('TPOT', 'ms', (point) => shownPercentile(point, 'tpotMs', 'p50')),
  streamed('In + out', 'tokens/s', (point) => shownRate(point, 'totalTokensPerSecond')),
];

/** A median with the number of answers that it is of, in the place of an interval. */
function ofAnswers(median: Shown, { passes }: NotebookFigures, pass: ParityPass): Shown {
  const ok = passes.find((one) => one.pass === pass)?.ok ?? 0;
  return median.why === null ? { ...median, interval: ok === 1 ? '1 answer' : `${count(ok)} answers` } : median;
}

function streamed(title: string, unit: string, show: (point: CellView['points'][number]) => Shown): NotebookColumn {
  return {
    group: 'Paretoken, streamed',
    title,
    unit,
    show(level, { points }) {
      const point = points.find((one) => one.level === level.level);
      return point === undefined ? shownOr(null, noStage) : { ...show(point), interval: null };
    },
  };
}

/** A table for each cell that was run in the notebook's passes; none without them. */
export function notebookTables(report: Report): readonly NotebookTable[] {
  return cellsOf(report).flatMap((view) => {
    const levels = report.notebook
      .filter(({ cell }) => sameCell(cell, view.cell))
      .toSorted((a, b) => a.level - b.level);
    if (levels.length === 0) return [];
    const rows = levels.map((level) => notebookColumns.map((column) => column.show(level, view)));
    return [{ heading: view.heading, levels, rows }];
  });
}

const asked: Readonly<Record<ParityPass, string>> = {
  parity_1: 'of one token',
  parity_half: 'of half of the tokens',
  parity_full: 'of all tokens',
};

/** A mean of tokens: to a tenth, where it isn't whole. */
const mean = (tokens: number) => tokens.toLocaleString('en', { maximumFractionDigits: 1 });

/** A pass in a line, as the notebook prints one: `answers of one token: median 302 ms, 5 of 5 ok, 2,048 tokens in, 1 out`. */
export function passLine({ pass, ok, requests, medianMs, meanInputTokens, meanOutputTokens }: PassFigures): string {
  const tokens =
    meanInputTokens === null || meanOutputTokens === null
      ? 'tokens unknown'
      : `${mean(meanInputTokens)} tokens in, ${mean(meanOutputTokens)} out`;
  const median = medianMs === null ? 'none was ok' : `median ${time(medianMs)}`;
  return `answers ${asked[pass]}: ${median}, ${count(ok)} of ${count(requests)} ok, ${tokens}`;
}
