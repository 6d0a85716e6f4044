import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { assignmentsOf } from '../../lib/plan/assign.ts';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import { shareOf } from '../../lib/plan/share.ts';
import { scheduleStage } from '../../lib/plan/stage.ts';
import { sweepIdOf, sweepIdPattern } from '../../lib/plan/sweep-id.ts';
import { workersFor } from '../../lib/plan/workers.ts';
import { sampleAssignment } from './sample-assignment.ts';
import { sampleFinding, samplePlan, sampleSpec } from './sample-plan.ts';

const wholeAndParts = fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 1000 }));

describe('exact shares', () => {
  test('sum to the whole, lie side by side, and differ by one at most', () => {
    fc.assert(
      fc.property(wholeAndParts, ([whole, of]) => {
        const shares = Array.from({ length: of }, (_, index) => shareOf(whole, index, of));
        assert.equal(
          shares.reduce((sum, { count }) => sum + count, 0),
          whole,
        );
        shares.reduce((next, { first, count }) => {
          assert.equal(first, next);
          return next + count;
        }, 0);
        const counts = shares.map(({ count }) => count);
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
      }),
    );
  });
});

describe('workers for a level', () => {
  const fleet = { streamsPerWorker: 32, maxWorkers: 100 };
  const cases = [
    { level: 1, capacity: 10, workers: 1, why: 'one stream needs one' },
    { level: 32, capacity: 10, workers: 1, why: 'a full one' },
    { level: 33, capacity: 10, workers: 2, why: 'one stream too many' },
    { level: 1000, capacity: 10, workers: 10, why: 'the fleet has no more' },
    { level: 100_000, capacity: 5000, workers: 100, why: 'the spec allows no more' },
    { level: 8, capacity: 0, workers: 1, why: 'never none' },
  ];
  for (const { level, capacity, workers, why } of cases) {
    test(`level ${level}, capacity ${capacity}: ${workers}, ${why}`, () =>
      assert.equal(workersFor(level, fleet, capacity), workers));
  }
  test('a plan warns when workers must carry more streams than the spec says', () => {
    assert.deepEqual(samplePlan().warnings, []);
    const { warnings } = samplePlan(sampleSpec({ load: { levels: [64] } }), { capacity: 1 });
    assert.match(warnings[0] ?? '', /^At level 64 its one worker carries 64 streams, above the 32/);
    const several = samplePlan(sampleSpec({ load: { levels: [12_000] } }), { capacity: 10 }).warnings;
    assert.match(several[0] ?? '', /^At level 12,000 each of its 10 workers carries 1,200 streams, above the 32/);
  });
});

describe('assignments', () => {
  const { stage } = sampleAssignment({ startsAtEpochMs: 1000, design: { workers: 3 } });
  test('one a worker, with what the probe found', () => {
    const finding = { ...sampleFinding, usageInStream: false, wordsToTokens: { slope: 1.3, intercept: 7 } };
    const assignments = assignmentsOf(samplePlan(), stage, { finding, allowance: null });
    assert.deepEqual(
      assignments.map(({ worker }) => worker),
      [0, 1, 2],
    );
    assert.ok(assignments.every(({ target, wordsToTokens }) => !target.usageInStream && wordsToTokens.slope === 1.3));
  });
  test('fit into the payload of an asynchronous invocation', () => {
    assert.ok(
      JSON.stringify(assignmentsOf(samplePlan(), stage, { finding: sampleFinding, allowance: null })[0]).length <
        256 * 1024,
    );
  });
  test('a stage: warm-up, window and drain one after another', () => {
    const { startsAtEpochMs, windowStartsAtEpochMs, windowEndsAtEpochMs, stopsAtEpochMs } = scheduleStage(
      'x',
      stage,
      5000,
    );
    assert.deepEqual(
      [startsAtEpochMs, windowStartsAtEpochMs, windowEndsAtEpochMs, stopsAtEpochMs],
      [5000, 6000, 10_000, 12_000],
    );
  });
});

describe('the id of a sweep', () => {
  const at = Date.UTC(2026, 10, 22, 15, 30, 1, 999);
  const cases = [
    { name: 'demo', id: '20261122T153001Z-demo' },
    { name: 'My model: v2!', id: '20261122T153001Z-My-model-v2' },
    { name: '日本語', id: '20261122T153001Z' },
    { name: 'é'.repeat(300), id: `20261122T153001Z-${'e-'.repeat(20)}` },
  ];
  for (const { name, id } of cases) {
    test(`of ${name.slice(0, 20)}`, () => {
      assert.equal(sweepIdOf(name, at), id);
      assert.match(id, sweepIdPattern);
    });
  }
});

describe('seeded random', () => {
  test('the same parts give the same numbers, others give others', () => {
    const draw = (...parts: (string | number)[]) => Array.from({ length: 5 }, seededRandom(...parts));
    assert.deepEqual(draw(1, 'a'), draw(1, 'a'));
    assert.notDeepEqual(draw(1, 'a'), draw(1, 'b'));
    assert.notDeepEqual(draw('1a'), draw('1', 'a'));
  });
  test('is even: 100,000 draws fall into 100 bins as chance would have it (χ² below its 99.99 % quantile)', () => {
    const random = seededRandom('even');
    const bins = new Array<number>(100).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bin = Math.floor(random() * 100);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    assert.ok(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0) < 158);
  });
});
