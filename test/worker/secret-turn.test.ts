import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Assignment } from '../../lib/plan/assignment.ts';
import { cloudTempo } from '../../lib/plan/tempo.ts';
import { secretTurn } from '../../lib/worker/secret-turn.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';

const startsAtEpochMs = 1_000_000;
const sample = sampleAssignment({ startsAtEpochMs });

function turn(worker: number, workers: number, leftMs: number) {
  const assignment: Assignment = { ...sample, worker, stage: { ...sample.stage, workers }, tempo: cloudTempo };
  return secretTurn(assignment, startsAtEpochMs - cloudTempo.connectAheadMs - leftMs);
}

describe('when a worker asks for its key', () => {
  it('at once where all of a stage may ask within one second', () => {
    assert.equal(turn(39, 40, 13_000).waitMs, 0);
  });
  it('40 a second where they are more', () => {
    const waits = Array.from({ length: 200 }, (_, worker) => turn(worker, 200, 13_000).waitMs);
    assert.equal(waits[0], 0);
    for (let second = 0; second < 5; second++) {
      const inIt = waits.filter((waitMs) => Math.floor(waitMs / 1000) === second);
      assert.equal(inIt.length, 40, `second ${second}`);
    }
  });
  it('within half of the lead at the latest, however many they are, and for ten seconds after that', () => {
    const { waitMs, withinMs } = turn(999, 1000, 13_000);
    assert.ok(waitMs > 6000 && waitMs <= 6500, String(waitMs));
    assert.equal(withinMs, 10_000);
    assert.equal(turn(0, 1000, 13_000).withinMs, 13_000);
  });
  it('at once where it is late already, and for ten seconds all the same', () => {
    assert.deepEqual([turn(99, 100, -5000).waitMs, turn(99, 100, -5000).withinMs], [0, 10_000]);
  });
  it('by chance that is its own, and the same again', () => {
    const chances = [0, 1, 0].map((worker) => turn(worker, 100, 13_000).chance());
    assert.equal(chances[0], chances[2]);
    assert.notEqual(chances[0], chances[1]);
  });
});
