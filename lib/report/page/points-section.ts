import type { Point } from '../../curve/point.ts';
import type { CellView } from '../cells.ts';
import { type Column, columnsOf } from '../columns.ts';
import { count } from '../format.ts';
import type { Report } from '../report.ts';
import { figureText, scrolling, section, sloBadge, stateBadge } from './elements.ts';
import { type Html, html } from './html.ts';

/** The table of all levels, with intervals beneath the figures that have one. */
export function pointsSection(report: Report, views: readonly CellView[]): Html {
  return section(
    'points',
    'All levels',
    html`<p class="intro">Small figures are 95 % intervals. “few” marks a percentile with too few samples, “–” what is undefined; the reason is in its tooltip.</p>`,
    views.map((view, index) => {
      const drift = index === 0 ? report.driftPoint : null;
      return html`${view.heading === null ? null : html`<h3>${view.heading}</h3>`}${pointsTable(view, drift)}`;
    }),
  );
}

/** `drift`: the first level run again at the end, which is not on the curve. */
function pointsTable({ points, heading }: CellView, drift: Point | null): Html {
  const columns = columnsOf(points);
  const groups = groupsOf(columns);
  return scrolling(
    heading ?? 'All levels',
    html`<table class="points">
<thead><tr>${groups.map(groupHeading)}</tr><tr>${columns.filter(({ group }) => group !== null).map((column) => columnHeading(column, groups))}</tr></thead>
<tbody>${points.map((point) => row(point, columns, null))}${drift === null ? null : row(drift, columns, 'run again at the end')}</tbody>
</table>`,
  );
}

interface Group {
  readonly name: string;
  readonly unit: string | null;
  readonly columns: number;
  readonly alone: boolean;
}

/** Neighbouring columns of one metric under one heading; their unit stands there when they share it. */
function groupsOf(columns: readonly Column[]): readonly Group[] {
  const names = [...new Set(columns.map(({ group, title }) => group ?? title))];
  return names.map((name) => {
    const of = columns.filter(({ group, title }) => (group ?? title) === name);
    const units = new Set(of.map(({ unit }) => unit));
    return {
      name,
      unit: units.size === 1 ? (of[0]?.unit ?? null) : null,
      columns: of.length,
      alone: of[0]?.group === null,
    };
  });
}

function groupHeading({ name, unit, columns: span, alone }: Group): Html {
  const suffix = unit === null ? null : html` <span class="unit">${unit}</span>`;
  return alone
    ? html`<th scope="col" rowspan="2" class="figure">${name}${suffix}</th>`
    : html`<th scope="colgroup" colspan="${span}" class="group">${name}${suffix}</th>`;
}

function columnHeading(column: Column, groups: readonly Group[]): Html {
  const shared = groups.find(({ name }) => name === column.group)?.unit ?? null;
  return html`<th scope="col" class="figure">${column.title}${column.unit === null || shared !== null ? null : html` <span class="unit">${column.unit}</span>`}</th>`;
}

function row(point: Point, columns: readonly Column[], remark: string | null): Html {
  const classes = `${point.validity.state}${remark === null ? '' : ' drift'}`;
  return html`<tr class="${classes}">${columns.map((column) => cell(column, point, remark))}</tr>`;
}

function cell(column: Column, point: Point, remark: string | null): Html {
  if (column.id === 'level') {
    return html`<th scope="row" class="figure">${count(point.level)}${remark === null ? null : html` <span class="again">${remark}</span>`}</th>`;
  }
  if (column.id === 'validity') return html`<td class="figure">${stateBadge(point.validity.state)}</td>`;
  if (column.id === 'slo' && point.slo) return html`<td class="figure">${sloBadge(point.slo.verdict)}</td>`;
  return html`<td class="figure">${figureText(column.show(point))}</td>`;
}
