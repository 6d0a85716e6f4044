import type { Store } from '../../store/store.ts';
import type { Status } from '../../sweep/status.ts';
import { eventLine, placeAfter, placeIn, type StagePlace } from '../progress/progress-lines.ts';
import type { Executions } from './executions.ts';
import { storedEvents } from './follow-sweep.ts';

/** A sweep in lines: its state, then every stage so far. */
export async function describeProgress(store: Store, status: Status, whyDead: Executions['whyDead']): Promise<string> {
  if (status.state === 'refused')
    return [`${status.sweepId}: refused`, ...status.refusals.map((one) => `  ${one}`)].join('\n');
  const lines = [headline(status)];
  let place: StagePlace = { levels: 0, done: 0, more: null, grid: false };
  const look = storedEvents({
    store,
    sweepId: status.sweepId,
    observe(event) {
      if (event.kind === 'planned') place = placeIn(event.plan);
      const line = event.kind === 'planned' ? null : eventLine(event, place, false);
      // The end of a stage stands where its start stood.
      if (event.kind === 'stage_ended') lines.pop();
      if (line !== null) lines.push(`  ${line}`);
      if (event.kind === 'stage_ended') place = placeAfter(place, event.stage);
    },
  });
  await look();
  const dead = status.state === 'running' ? await whyDead(status) : null;
  return [...lines, ...(dead === null ? [] : [`  It did not come to its end: ${dead}`])].join('\n');
}

function headline({ sweepId, state, ended, startedAtEpochMs }: Status): string {
  const started = new Date(startedAtEpochMs).toISOString();
  if (state === 'running') return `${sweepId}: running since ${started}`;
  return `${sweepId}: ended (${ended?.reason})${ended?.detail ? `: ${ended.detail}` : ''}`;
}
