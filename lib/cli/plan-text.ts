import type { Estimate, EstimatedStage } from '../plan/estimate.ts';
import { endedByText, estimateText, roughCount, roughDuration, spanText } from '../plan/estimate-text.ts';
import type { Plan } from '../plan/plan.ts';
import { visible } from '../report/foreign-text.ts';
import { workloadText } from '../report/workload-text.ts';
import { wrapped } from '../report/wrap.ts';
import type { Paint } from './paint.ts';
import { loadText } from './progress-lines.ts';

interface Column {
  readonly head: string;
  readonly cell: (stage: EstimatedStage) => string;
  /** Left out where all stages have the same. */
  readonly differs?: true;
}

const columns: readonly Column[] = [
  { head: 'in', cell: ({ cell }) => cell.inputTokens.toLocaleString('en'), differs: true },
  { head: 'out', cell: ({ cell }) => cell.outputTokens.toLocaleString('en'), differs: true },
  { head: 'level', cell: ({ level }) => level.toLocaleString('en') },
  { head: '', cell: ({ kind, repeat }) => (kind === 'drift' ? 'drift check' : repeat > 0 ? `run ${repeat + 1}` : '') },
  { head: 'pass', cell: ({ pass }) => pass ?? '' },
  { head: 'warm-up', cell: ({ warmUpMs }) => spanText(warmUpMs, roughDuration) },
  { head: 'window', cell: ({ windowMs }) => (windowMs === null ? 'counted' : spanText(windowMs, roughDuration)) },
  { head: 'in all', cell: ({ durationMs }) => spanText(durationMs, roughDuration) },
  { head: 'requests', cell: ({ requests }) => spanText(requests, roughCount) },
];

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
    load.search === null ? stageTable(estimate.stages, paint) : null,
    paint('bold', wrapped(`With the probe: ${estimateText(estimate)}.`, width)),
    ended === null ? null : wrapped(`${ended.slice(0, 1).toUpperCase()}${ended.slice(1)}.`, width),
    ...plan.warnings.map((warning) => wrapped(`Warning: ${warning}`, width)),
    paint('dim', wrapped(estimate.assumptions.join(' '), width)),
    'Nothing was sent.',
  ];
  return `${blocks.filter((block) => block !== null).join('\n\n')}\n`;
}

/** A line a stage under a line of headings. */
function stageTable(stages: readonly EstimatedStage[], paint: Paint): string {
  const laidOut = columns
    .filter(({ cell, differs }) => differs === undefined || new Set(stages.map(cell)).size > 1)
    .map(({ head, cell }) => {
      const cells = stages.map(cell);
      return { head, cells, width: Math.max(...[head, ...cells].map(({ length }) => length)) };
    })
    .filter(({ width }) => width > 0);
  const line = (textOf: (column: (typeof laidOut)[number]) => string) =>
    laidOut.map((column) => textOf(column).padStart(column.width)).join(gap);
  const heads = line(({ head }) => head);
  return [paint('dim', heads), ...stages.map((_, row) => line(({ cells }) => cells[row] ?? ''))].join('\n');
}
