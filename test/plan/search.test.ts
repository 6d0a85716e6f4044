import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { closedForm } from '../../lib/mock/closed-form.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import { searchAnswer } from '../../lib/plan/search.ts';
import { seededRandom } from '../../lib/plan/seeded-random.ts';
import type { StageDesign } from '../../lib/plan/stage.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import { sloFrom } from '../curve/bounds.ts';
import { mockedLevels } from './mocked-levels.ts';
import { play } from './play.ts';
import { samplePlan, sampleSpec } from './sample-plan.ts';

const slo = sloFrom({ errorRate: 0.01 });

function search(judge: (design: StageDesign) => Partial<Verdict>, range: { from?: number; to?: number } = {}) {
  const spec = {
    ...sampleSpec({ load: { levels: [], search: { from: 1, to: 256, ...range } }, budget: { minutes: null } }),
    slo,
  };
  const plan = samplePlan(spec);
  const { run, verdicts, ended } = play(plan, judge);
  const answer = searchAnswer(plan, verdicts);
  assert.ok(answer);
  const levels = run.slice(1).map((name) => Number(name.split(' ')[1]));
  return { levels, ended, answer, answerSoFar: (stages: number) => searchAnswer(plan, verdicts.slice(0, stages + 1)) };
}

const metUpTo =
  (limit: number) =>
  (design: StageDesign): Partial<Verdict> => ({ slo: design.level <= limit ? 'met' : 'missed' });

describe('a search: doubling, bisection, a confirming repeat', () => {
  test('goes this way', () => {
    const { levels, ended, answer } = search(metUpTo(11));
    assert.deepEqual(levels, [1, 2, 4, 8, 16, 12, 10, 11, 11]);
    assert.deepEqual(
      { met: answer.met, notMet: answer.notMet, confirmed: answer.confirmed, complete: answer.complete },
      { met: 11, notMet: 12, confirmed: true, complete: true },
    );
    assert.deepEqual(ended, {
      reason: 'done',
      detail: 'Up to 11 parallel requests meet the SLO, 12 miss it (8 levels in 9 stages).',
    });
  });
  test('the repeat comes after the last miss, so that it would see a change', () => {
    assert.deepEqual(search(metUpTo(10)).levels, [1, 2, 4, 8, 16, 12, 10, 11, 10]);
  });
  test('its evidence is every level tried, rising, with its stages', () => {
    const { evidence } = search(metUpTo(2)).answer;
    assert.deepEqual(
      evidence.map(({ level, verdict, stages }) => [level, verdict, stages]),
      [
        [1, 'met', [1]],
        [2, 'met', [2, 5]],
        [3, 'missed', [4]],
        [4, 'missed', [3]],
      ],
    );
  });
  test('not even the first level: nothing else is tried', () => {
    const { levels, ended, answer } = search(metUpTo(0));
    assert.deepEqual(levels, [1]);
    assert.deepEqual([answer.met, answer.notMet, answer.complete], [null, 1, true]);
    assert.deepEqual(ended, {
      reason: 'done',
      detail: 'Not even 1 parallel request meets the SLO (1 level in 1 stage).',
    });
  });
  test('never missed up to the highest level, which need not be a power of two', () => {
    const { levels, ended } = search(metUpTo(1000), { from: 3, to: 20 });
    assert.deepEqual(levels, [3, 6, 12, 20, 20]);
    assert.match(
      ended.detail ?? '',
      /^The SLO was never missed up to 20 parallel requests, the highest level of the search/,
    );
  });
  test('finds any limit between any ends, in no more stages than twice the logarithm', () => {
    const ends = fc.tuple(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 0, max: 3000 }),
    );
    fc.assert(
      fc.property(ends, ([from, more, limit]) => {
        const to = from + more;
        const { levels, answer } = search(metUpTo(limit), { from, to });
        assert.deepEqual(
          [answer.met, answer.notMet, answer.complete],
          [limit < from ? null : Math.min(limit, to), limit < to ? Math.max(limit + 1, from) : null, true],
        );
        assert.ok(levels.length <= 2 * Math.ceil(Math.log2(to / from + 1)) + Math.ceil(Math.log2(to)) + 3);
        assert.ok(levels.every((level) => level >= from && level <= to));
      }),
    );
  });
});

describe('a level in doubt is run again before anything rests on it', () => {
  const judged = (changes: (runs: number, design: StageDesign) => Partial<Verdict> | null) => {
    const runs = new Map<number, number>();
    return (design: StageDesign) => {
      const run = (runs.get(design.level) ?? 0) + 1;
      runs.set(design.level, run);
      return changes(run, design) ?? metUpTo(5)(design);
    };
  };
  test('within the noise: until it is not', () => {
    const { levels, answer } = search(
      judged((run, { level }) => (level === 6 && run < 3 ? { slo: 'met', sloWithinNoise: true } : null)),
    );
    assert.deepEqual(levels, [1, 2, 4, 8, 6, 6, 6, 5, 5], 'the third run of 6 turned the verdict');
    assert.equal(answer.met, 5);
  });
  test('within the noise: three times more at most, then its verdict stands, and the answer says so', () => {
    const { levels, ended } = search(
      judged((_, { level }) => (level === 6 ? { slo: 'missed', sloWithinNoise: true } : null)),
    );
    assert.deepEqual(levels, [1, 2, 4, 8, 6, 6, 6, 6, 5, 5]);
    assert.match(ended.detail ?? '', /At 6 a bound lies within the noise, though it was run four times\.$/);
  });
  test('undecided: three times more at most; it is never met', () => {
    const { levels, ended } = search(judged((_, { level }) => (level === 4 ? { slo: 'undecided' } : null)));
    assert.deepEqual(levels, [1, 2, 4, 4, 4, 4, 3, 3]);
    assert.match(
      ended.detail ?? '',
      /^Up to 3 parallel requests meet the SLO, and whether 4 do stayed undecided: four times it gave too few answers/,
    );
  });
  test('void: once more; twice void it can’t be measured, and what lies below is', () => {
    const { levels, ended } = search(
      judged((_, { level }) => (level >= 4 ? { slo: 'undecided', state: 'void', reasons: ['cpu'] } : null)),
    );
    assert.deepEqual(levels, [1, 2, 4, 4, 3, 3]);
    assert.match(ended.detail ?? '', /whether 4 do stayed undecided: it came out void twice/);
    assert.equal(ended.reason, 'done');
  });
  test('void at the first level: there is no answer', () => {
    const { levels, ended } = search(() => ({ slo: 'undecided', state: 'void', reasons: ['cpu'] }));
    assert.deepEqual(levels, [1, 1]);
    assert.equal(ended.reason, 'void');
    assert.match(
      ended.detail ?? '',
      /^Whether 1 parallel request meets the SLO stayed undecided: it came out void twice/,
    );
  });
  test('a repeat that misses takes the answer down', () => {
    const { levels, answer } = search(judged((run, { level }) => (level === 5 && run > 1 ? { slo: 'missed' } : null)));
    assert.deepEqual(levels, [1, 2, 4, 8, 6, 5, 5, 4], 'the repeat of 4 comes last');
    assert.deepEqual([answer.met, answer.notMet, answer.confirmed], [4, 5, true]);
  });
  test('a repeat that comes out void twice confirms nothing, and the answer says so', () => {
    const { levels, ended, answer } = search(
      judged((run, { level }) => (level === 5 && run > 1 ? { state: 'void', slo: 'undecided' } : null)),
    );
    assert.deepEqual(levels, [1, 2, 4, 8, 6, 5, 5, 5]);
    assert.deepEqual([answer.met, answer.confirmed, answer.complete], [5, false, true]);
    assert.match(ended.detail ?? '', /The repeat of 5 came out void and confirms nothing\.$/);
  });
});

describe('failures in a search', () => {
  const failing = { state: 'void', slo: 'undecided', errorShare: 0.8, reasons: ['errors'] } as const;
  const gaveUp = { ...failing, errorShare: null, requests: 0, reasons: ['interrupted'] } as const;
  for (const [why, verdict] of [
    ['most requests failed', failing],
    ['every stream gave up', gaveUp],
  ] as const) {
    test(`${why}: a miss, and lower levels are tried`, () => {
      const { levels, ended, answer } = search((design) => (design.level > 5 ? verdict : metUpTo(5)(design)));
      assert.deepEqual(levels, [1, 2, 4, 8, 6, 5, 5]);
      assert.deepEqual([answer.met, answer.notMet, ended.reason], [5, 6, 'done']);
    });
  }
  test('at the first level they end it with error_rate', () => {
    const { levels, ended } = search(() => failing);
    assert.deepEqual(levels, [1]);
    assert.equal(ended.reason, 'error_rate');
    assert.match(
      ended.detail ?? '',
      /^80 % of the requests at level 1 failed\. Not even 1 parallel request meets the SLO/,
    );
  });
});

test('a search that a budget ends tells what it knows so far', () => {
  const load = { levels: [], search: { from: 1, to: 256 } };
  const plan = samplePlan({ ...sampleSpec({ load, budget: { requests: 300 } }), slo });
  const usage = { inputTokens: 0, outputTokens: 0, requestsWithoutUsage: 0 };
  const { ended } = play(plan, (design) => ({
    ...metUpTo(11)(design),
    usage: { ...usage, requests: design.level * 9 },
  }));
  assert.equal(ended.reason, 'budget');
  assert.match(
    ended.detail ?? '',
    /^Level 10 was not begun: .* So far up to 8 parallel requests meet the SLO, 12 miss it \(6 levels in 6 stages\)\.$/,
  );
});

test('the answer is a function of the verdicts alone, and null of a sweep of given levels', () => {
  const { answerSoFar } = search(metUpTo(11));
  assert.deepEqual([answerSoFar(0)?.met, answerSoFar(0)?.complete], [null, false]);
  assert.deepEqual([answerSoFar(5)?.met, answerSoFar(5)?.notMet], [8, 16]);
  assert.equal(searchAnswer(samplePlan(), []), null);
});

describe('finds the known capacity of the mock within one level, for 100 seeds', () => {
  const model: QueueModel = { ...smallServer, slots: 128 };
  const lengths = { inputTokens: 64, outputTokens: 16 };
  const latencyMs = (level: number) => closedForm(model, lengths, level).latencyMs;
  let again = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const random = seededRandom(seed, 'capacity');
    const capacity = 1 + Math.floor(48 * random());
    const boundMs = latencyMs(capacity) + (0.02 + 0.96 * random()) * (latencyMs(capacity + 1) - latencyMs(capacity));
    test(`seed ${seed}: ${capacity} parallel requests`, () => {
      const bounded = sloFrom({ percentiles: { latency: { p50: `${boundMs.toFixed(3)}ms` } } });
      const { answer, levels } = search(mockedLevels({ model, lengths, slo: bounded, seed }), { to: 128 });
      assert.ok(answer.complete && answer.confirmed);
      assert.ok(Math.abs((answer.met ?? 0) - capacity) <= 1, `found ${answer.met}`);
      assert.equal(answer.notMet, (answer.met ?? 0) + 1);
      again += levels.length - new Set(levels).size - 1;
    });
  }
  test('some of their levels lay so near the bound that they were run again', () => assert.ok(again > 20, `${again}`));
});
