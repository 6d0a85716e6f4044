import type { Estimate, EstimatedStage } from '../plan/estimate.ts';
import { endedByText, estimateText, roughCount, roughDuration, spanText } from '../plan/estimate-text.ts';
import type { Plan } from '../plan/plan.ts';
import { visible } from '../report/foreign-text.ts';
import { workloadText } from '../report/workload-text.ts';
import { wrapped } from '../report/wrap.ts';
import type { Paint } from './paint.ts';
import { loadText } from './progress/progress-lines.ts';

/** A stage, or several in a row of which the same is foretold. */
interface Row {
  readonly stage: EstimatedStage;
  readonly runs: number;
  /** So many of them come in any case; the others only as long as the level is not precise. */
  readonly sure: number;
}

interface Column {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Left out where all stages have the same. */
  readonly differs?: true;
}

const columns: readonly Column[] = [
  { head: 'in', cell: ({ stage }) => stage.cell.inputTokens.toLocaleString('en'), differs: true },
  { head: 'out', cell: ({ stage }) => stage.cell.outputTokens.toLocaleString('en'), differs: true },
  { head: 'level', cell: ({ stage }) => stage.level.toLocaleString('en') },
  { head: 'pass', cell: ({ stage }) => stage.pass ?? '', differs: true },
  { head: '', cell: runText },
  { head: 'warm-up', cell: ({ stage }) => spanText(stage.warmUpMs, roughDuration) },
  {
    head: 'window',
    cell: ({ stage: { windowMs } }) => (windowMs === null ? 'counted' : spanText(windowMs, roughDuration)),
  },
  { head: 'in all', cell: ({ stage }) => spanText(stage.durationMs, roughDuration) },
  { head: 'requests', cell: ({ stage }) => spanText(stage.requests, roughCount) },
];

function runText({ stage: { kind, repeat }, runs, sure }: Row): string {
  if (kind === 'drift') return 'drift check';
  if (repeat === 0 && runs > 1) return sure < runs ? `${sure} to ${runs} runs` : `${runs} runs`;
  const text = runs > 1 ? `runs ${repeat + 1} to ${repeat + runs}` : repeat > 0 ? `run ${repeat + 1}` : '';
  return sure < runs ? `${text}, if needed` : text;
}

/** Runs of a level that follow one another and read the same are one row. */
function rowsOf(stages: readonly EstimatedStage[], { repeats, untilPrecise }: Plan['spec']['load']): readonly Row[] {
  const told = (stage: EstimatedStage) =>
    JSON.stringify([
      stage.kind,
      ...columns.flatMap(({ head, cell }) => (head === '' ? [] : cell({ stage, runs: 1, sure: 1 }))),
    ]);
  const rows: { stage: EstimatedStage; runs: number; sure: number }[] = [];
  for (const stage of stages) {
    const last = rows.at(-1);
    const sure = untilPrecise && stage.kind === 'load' && stage.repeat >= repeats ? 0 : 1;
    if (last !== undefined && told(last.stage) === told(stage)) {
      last.runs += 1;
      last.sure += sure;
    } else rows.push({ stage, runs: 1, sure });
  }
  return rows;
}

const gap = '   ';

/** What a sweep would run and take, and on what that rests; ends with a line end. */
export function planText(
  plan: Plan,
  estimate: Estimate,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const { target, workload, load } = plan.spec;
  const ended = endedByText(estimate);
  const blocks = [
    wrapped(`${plan.name}: ${visible(target.url)}, ${workloadText(workload)}, ${loadText(load)}`, width),
    load.search === null ? stageTable(rowsOf(estimate.stages, load), paint) : null,
    paint('bold', wrapped(`With the probe: ${estimateText(estimate)}.`, width)),
    ended === null ? null : wrapped(`${ended.slice(0, 1).toUpperCase()}${ended.slice(1)}.`, width),
    ...plan.warnings.map((warning) => wrapped(`Warning: ${warning}`, width)),
    paint('dim', wrapped(estimate.assumptions.join(' '), width)),
    'Nothing was sent.',
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
}

/** A line a stage, or a row of runs that are alike, under a line of headings. */
function stageTable(rows: readonly Row[], paint: Paint): string {
  const laidOut = columns
    .filter(({ cell, differs }) => differs === undefined || new Set(rows.map(cell)).size > 1)
    .map(({ head, cell }) => {
      const cells = rows.map(cell);
      return { head, cells, width: Math.max(...[head, ...cells].map(({ length }) => length)) };
    })
    .filter(({ width }) => width > 0);
  const line = (textOf: (column: (typeof laidOut)[number]) => string) =>
    laidOut.map((column) => textOf(column).padStart(column.width)).join(gap);
  const heads = line(({ head }) => head);
  return [paint('dim', heads), ...rows.map((_, row) => line(({ cells }) => cells[row] ?? ''))].join('\n');
}
