import type { ClientPoint, Point } from '../../curve/point.ts';
import { count, percent } from '../format.ts';
import { missing, type Shown, shown, shownOr } from '../shown.ts';
import { figureText, scrolling } from './elements.ts';
import { type Html, html } from './html.ts';

interface ClientColumn {
  readonly title: string;
  readonly unit: string | null;
  show(client: ClientPoint): Shown;
}

const notMeasured = 'not measured';

function share(value: number | null): Shown {
  return value === null ? missing(notMeasured) : shown(percent(value));
}

const columns: readonly ClientColumn[] = [
  { title: 'Workers', unit: null, show: (client) => shown(workersText(client)) },
  { title: 'Event loop late, p99', unit: 'ms', show: (client) => shownOr(client.eventLoopDelayP99Ms, notMeasured) },
  { title: 'Busy', unit: null, show: (client) => share(client.cpuShare) },
  { title: 'Longest GC', unit: 'ms', show: (client) => shownOr(client.gcPauseMaxMs, notMeasured) },
  { title: 'Send lag, p99', unit: 'ms', show: (client) => shownOr(client.sendLagP99Ms, notMeasured) },
  { title: 'Sockets opened', unit: null, show: (client) => shown(count(client.socketsOpened)) },
  { title: 'Load held', unit: null, show: (client) => share(client.loadHeld) },
  { title: 'Ran empty', unit: null, show: (client) => share(client.emptiedShare) },
  { title: 'Paused', unit: null, show: (client) => share(client.pausedShare) },
  { title: 'Records', unit: null, show: (client) => share(client.completeness) },
  { title: 'Little λW ÷ L', unit: null, show: (client) => shownOr(client.little, 'no ok answers to take it from') },
  { title: 'Clock step', unit: 'ms', show: (client) => shownOr(client.clockStepMs, notMeasured) },
];

/** The client's own health by level, the worst worker of each. */
export function clientTable(points: readonly Point[]): Html {
  return scrolling(
    'The client by level',
    html`<table class="compact">
<thead><tr><th scope="col" class="figure">Parallel requests</th>${columns.map(({ title, unit }) => html`<th scope="col" class="figure">${title}${unit === null ? null : html` <span class="unit">${unit}</span>`}</th>`)}</tr></thead>
<tbody>${points.map(({ level, client }) => html`<tr><th scope="row" class="figure">${count(level)}</th>${columns.map(({ show }) => html`<td class="figure">${figureText(show(client))}</td>`)}</tr>`)}</tbody>
</table>`,
  );
}

function workersText({ workers, workersLost, workersLate }: ClientPoint): string {
  const lost = workersLost.length === 0 ? '' : `, ${count(workersLost.length)} lost`;
  const late = workersLate.length === 0 ? '' : `, ${count(workersLate.length)} late`;
  return `${count(workers)}${lost}${late}`;
}
