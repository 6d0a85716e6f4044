import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import type { ReasonCause, ReasonName } from '../../lib/curve/validity.ts';
import { dataOf, type Sample } from './sample-stage.ts';
import { changeReceipts, steadyStage } from './steady-stage.ts';
import {
  cohort,
  cohortOf,
  crew,
  crewLost,
  cut,
  endedAt,
  gauge,
  mixed,
  pausing,
  refused,
  silent,
  stoppedEarly,
  streamStops,
  withGauge,
  without,
} from './troubled-stages.ts';

const outOfBudget = changeReceipts(
  endedAt(3000, 'stopped', () => true),
  () => ({ ranOutOf: 'requests' }),
);
const gone = (worker: number) => worker < 4;
const paused = changeReceipts(
  without(({ ordinal }) => ordinal >= 60),
  () => ({ pausedSeconds: 40 }),
);
const causes: readonly (readonly [name: ReasonName, cause: ReasonCause | null, why: string, sample: Sample])[] = [
  ['interrupted', 'stopped', 'Ctrl-C', endedAt(3000, 'stopped', () => true)],
  ['interrupted', 'budget', 'the budget was used up', outOfBudget],
  ['interrupted', 'cut_off', 'the sweep died', { ...crew, stage: { ...crew.stage, cutOff: true } }],
  ['interrupted', 'gave_up', 'nothing but failures', endedAt(3000, 'gave_up', () => true)],
  [
    'interrupted',
    'control_unreadable',
    'the worker could not ask',
    changeReceipts(endedAt(3000, 'stopped', gone), ({ worker }) => ({ controlUnreadable: gone(worker) })),
  ],
  ['load_not_held', 'interrupted', 'nothing was sent any more', stoppedEarly(gauge(0.7))],
  ['load_not_held', 'streams_missing', 'four workers of twenty lost', crewLost(4)],
  ['load_not_held', 'pauses', 'half of the time', withGauge(paused)],
  ['load_not_held', null, 'nobody knows', gauge(0.7)],
  ['emptied', 'streams_missing', 'four workers of twenty lost', crewLost(4)],
  ['emptied', 'pauses', 'one stream paused for the last quarter', pausing(streamStops(26))],
  ['emptied', null, 'a stream that ended early', streamStops(26)],
  ['few_samples', 'interrupted', 'the rest was never sent', stoppedEarly(cohortOf(50))],
  ['few_samples', 'records_missing', 'the rest left no record', cohortOf(50)],
  ['few_samples', 'pauses', 'streams paused for most of the time', withGauge(pausing(cohortOf(50), 70))],
  ['few_samples', null, 'the window was short', steadyStage({ level: 4, windowMs: 3000 })],
  ['cut_at_drain', 'stopped', 'a stop during the drain', cohort(5, { outcome: 'cancelled' })],
  ['cut_at_drain', null, 'they outlasted it', cohort(5, cut)],
  ['errors', 'cut_at_drain', 'all of them were cut', cohort(9, cut)],
  ['errors', null, 'some were cut, some refused', mixed(cohort(9, cut), refused)],
  ['tokens_unknown', 'not_counted', 'ok answers', cohort(9, silent)],
  ['tokens_unknown', 'broken_off', 'cut answers', cohort(9, { ...silent, ...cut })],
  ['tokens_unknown', null, 'both', mixed(cohort(9, { ...silent, ...cut }), { outcome: 'ok' })],
];
describe('what a reason comes from', () => {
  for (const [name, cause, why, sample] of causes) {
    it(`${name}, since ${why}: cause ${cause}`, () => {
      const { reasons } = pointOf(dataOf(sample)).validity;
      const found = reasons.find((reason) => reason.name === name);
      assert.ok(found, JSON.stringify(reasons));
      assert.equal(found.cause, cause);
    });
  }
});
