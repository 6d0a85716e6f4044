import type { Store } from '../../store/store.ts';
import type { Status } from '../../sweep/status.ts';
import { eventLine } from '../progress/progress-lines.ts';
import { afterEvent, nothingYet } from '../progress/sweep-so-far.ts';
import type { Executions } from './executions.ts';
import { storedEvents } from './follow-sweep.ts';

/** A sweep in lines: its state, then every stage so far. */
export async function describeProgress(store: Store, status: Status, whyDead: Executions['whyDead']): Promise<string> {
  if (status.state === 'refused')
    return [`${status.sweepId}: refused`, ...status.refusals.map((one) => `  ${one}`)].join('\n');
  const lines = [headline(status)];
  let sweep = nothingYet;
  const look = storedEvents({
    store,
    sweepId: status.sweepId,
    observe(event) {
      const before = sweep;
      sweep = afterEvent(sweep, event);
      const { place } = event.kind === 'stage_ended' ? before : sweep;
      const line = event.kind === 'planned' ? null : eventLine(event, place, false);
      // The end of a stage stands where its start stood.
      if (event.kind === 'stage_ended') lines.pop();
      if (line !== null) lines.push(`  ${line}`);
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
