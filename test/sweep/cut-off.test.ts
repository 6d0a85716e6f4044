import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Kept, type Remembered, whatIsKept } from '../../lib/sweep/cut-off.ts';

const begun = ['capacity', 'open'];
const probe = ['schedule-0', 'launch-0', 'collect-0-0', 'wait-0-0', 'collect-0-1', 'aggregate-0'];
const level = ['schedule-1', 'launch-1', 'collect-1-0', 'wait-1-0', 'collect-1-1'];
const end = ['close', 'conclude'];

const cases: readonly { why: string; names: readonly string[]; kept: Kept }[] = [
  { why: 'nothing', names: [], kept: { kept: 0, cutOff: null } },
  { why: 'no claim yet: the fleet is asked again', names: ['capacity'], kept: { kept: 0, cutOff: null } },
  { why: 'claimed, nothing begun', names: begun, kept: { kept: 2, cutOff: null } },
  { why: 'a stage under way', names: [...begun, ...probe, ...level], kept: { kept: 9, cutOff: 1 } },
  { why: 'a stage that was only scheduled', names: [...begun, 'schedule-0'], kept: { kept: 3, cutOff: 0 } },
  { why: 'between two stages', names: [...begun, ...probe], kept: { kept: 8, cutOff: null } },
  {
    why: 'a stage that was stopped and aggregated: it does not stand, nor does the end that followed',
    names: [...begun, ...probe, ...level, 'stop-1', 'collect-1-2', 'aggregate-1', ...end],
    kept: { kept: 9, cutOff: 1 },
  },
  {
    why: 'a stage whose workers saw a stop before the sweep did',
    names: [...begun, ...probe, ...level, 'collect-1-2: stop', 'aggregate-1', ...end],
    kept: { kept: 9, cutOff: 1 },
  },
  {
    why: 'an end before a stage',
    names: [...begun, ...probe, 'schedule-1: null', ...end],
    kept: { kept: 8, cutOff: null },
  },
  {
    why: 'a failure between two stages',
    names: [...begun, ...probe, 'let-go', ...end],
    kept: { kept: 8, cutOff: null },
  },
  {
    why: 'a stage that was stopped, was run again, and stands',
    names: [...begun, ...probe, 'schedule-1', 'launch-1', 'take-over-1', 'aggregate-1', 'schedule-2', 'aggregate-2'],
    kept: { kept: 14, cutOff: null },
  },
];

describe('what a process leaves holds up to the last stage that ended without a stop, and the schedule after it', () => {
  for (const { why, names, kept } of cases) {
    test(why, () => {
      const remembered = names.map((name): Remembered => {
        const [bare = '', what] = name.split(': ');
        return { name: bare, value: what === 'null' ? null : { stopAsked: what === 'stop' } };
      });
      assert.deepEqual(whatIsKept(remembered), kept);
    });
  }
});
