import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answersOf } from '../../lib/curve/answers.ts';
import type { Drift } from '../../lib/curve/curve.ts';
import { curvesOf } from '../../lib/curve/curve-of.ts';
import { driftOf } from '../../lib/curve/drift.ts';
import { kneeOf } from '../../lib/curve/knee.ts';
import type { Point } from '../../lib/curve/point.ts';
import { doubling, type PointSketch, samplePoint } from './sample-point.ts';

const answers = (points: Point[]) => {
  const { lowLatency, balanced, highThroughput } = answersOf(points, kneeOf(points));
  return { lowLatency, balanced, highThroughput };
};

describe('the three answers', () => {
  it('are the lowest p50 latency, the knee, and the highest throughput', () => {
    assert.deepEqual(answers(doubling(100, 200, 210, 205)), { lowLatency: 1, balanced: 2, highThroughput: 4 });
  });

  it('have no balanced level while throughput is still rising', () => {
    assert.deepEqual(answers(doubling(100, 200, 400)), { lowLatency: 1, balanced: null, highThroughput: 4 });
  });

  it('never name a void level', () => {
    const points = [samplePoint({ level: 1, p50: 1, tokens: 999, state: 'void' }), ...doubling(100, 200, 210).slice(1)];
    assert.deepEqual(answers(points), { lowLatency: 2, balanced: 2, highThroughput: 4 });
  });

  it('are the smaller level of two that are the same', () => {
    const points = [4, 1, 2].map((level) => samplePoint({ level, tokens: 50, p50: 9 }));
    assert.deepEqual(answers(points), { lowLatency: 1, balanced: 1, highThroughput: 1 });
  });

  it('are null without a valid level', () => {
    assert.deepEqual(answers([]), { lowLatency: null, balanced: null, highThroughput: null });
    assert.deepEqual(answers(doubling(null)), { lowLatency: 1, balanced: null, highThroughput: null });
  });
});

describe('the highest level that meets the SLO, every valid level below it included', () => {
  const cases: { why: string; levels: [Partial<PointSketch>, ...Partial<PointSketch>[]]; highest: number | null }[] = [
    { why: 'all meet it', levels: [{ slo: 'met' }, { slo: 'met' }], highest: 2 },
    { why: 'up to the middle', levels: [{ slo: 'met' }, { slo: 'met' }, { slo: 'missed' }], highest: 2 },
    { why: 'a level above one that misses', levels: [{ slo: 'met' }, { slo: 'missed' }, { slo: 'met' }], highest: 1 },
    { why: 'undecided is not met', levels: [{ slo: 'met' }, { slo: 'undecided' }, { slo: 'met' }], highest: 1 },
    { why: 'none', levels: [{ slo: 'missed' }, { slo: 'met' }], highest: null },
    { why: 'a void level is passed over', levels: [{ slo: 'undecided', state: 'void' }, { slo: 'met' }], highest: 2 },
    { why: 'a void level is no answer', levels: [{ slo: 'met' }, { slo: 'undecided', state: 'void' }], highest: 1 },
    { why: 'all are void', levels: [{ slo: 'undecided', state: 'void' }], highest: null },
    { why: 'a suspect level is valid', levels: [{ slo: 'met' }, { slo: 'met', state: 'suspect' }], highest: 2 },
    { why: 'tokens unknown', levels: [{ slo: 'met', tokens: null }], highest: 1 },
  ];
  for (const { why, levels, highest } of cases) {
    it(why, () => {
      const points = levels.map((sketch, step) => samplePoint({ level: 2 ** step, ...sketch }));
      for (const inOrder of [points, points.toReversed()]) {
        const { sloGiven, highestMet } = answersOf(inOrder, kneeOf(inOrder));
        assert.deepEqual({ sloGiven, highestMet }, { sloGiven: true, highestMet: highest });
      }
    });
  }

  it('is null without an SLO', () => {
    const { sloGiven, highestMet } = answersOf(doubling(100, 200), kneeOf(doubling(100, 200)));
    assert.deepEqual({ sloGiven, highestMet }, { sloGiven: false, highestMet: null });
  });
});

describe('drift', () => {
  const first: PointSketch = { level: 1, tokens: 100, tokensCi: [98, 102], p50: 500, p50Ci: [490, 510] };
  const table: { why: string; again: Partial<PointSketch>; drift: Drift }[] = [
    { why: 'the same', again: {}, drift: 'none' },
    { why: 'throughput 10 % apart', again: { tokens: 90, tokensCi: [89, 91] }, drift: 'none' },
    { why: 'throughput more than 10 % apart', again: { tokens: 89.9, tokensCi: [89, 91] }, drift: 'drifted' },
    { why: 'more, but the intervals meet', again: { tokens: 80, tokensCi: [60, 98] }, drift: 'none' },
    { why: 'latency more than 10 % higher', again: { p50: 551, p50Ci: [540, 560] }, drift: 'drifted' },
    { why: 'apart, and an interval is missing', again: { p50: 700, p50Ci: [null, null] }, drift: 'unknown' },
    { why: 'not apart, whatever the intervals', again: { p50Ci: [null, null], tokensCi: [null, null] }, drift: 'none' },
    { why: 'a figure is missing', again: { tokens: null }, drift: 'unknown' },
    {
      why: 'one figure is missing, the other drifted',
      again: { tokens: null, p50: 900, p50Ci: [890, 910] },
      drift: 'drifted',
    },
    { why: 'the second run is void', again: { state: 'void' }, drift: 'unknown' },
  ];
  for (const { why, again, drift } of table) {
    it(`${why}: ${drift}`, () => {
      assert.equal(driftOf(samplePoint(first), samplePoint({ ...first, ...again })), drift);
    });
  }

  it('is not checked without a second run, and unknown when the first is void or gone', () => {
    const again = samplePoint(first);
    assert.equal(driftOf(again, null), 'not_checked');
    assert.equal(driftOf(samplePoint({ ...first, state: 'void' }), again), 'unknown');
    assert.equal(driftOf(null, again), 'unknown');
  });
});

describe('the curves of a sweep', () => {
  it('have a point per level in rising order, whatever the order of execution', () => {
    const points = [
      samplePoint({ level: 4, stage: 1 }),
      samplePoint({ level: 1, stage: 2 }),
      samplePoint({ level: 2, stage: 3 }),
    ];
    assert.deepEqual(
      curvesOf(points).points.map(({ level }) => level),
      [1, 2, 4],
    );
    assert.deepEqual(curvesOf(points.toReversed()), curvesOf(points));
  });

  it('take the newest run of a level, but a void one only for want of another', () => {
    const stages = (...points: Point[]) => curvesOf(points).points.map(({ stage }) => stage);
    const ok = (stage: number) => samplePoint({ level: 1, stage });
    const voided = (stage: number) => samplePoint({ level: 1, stage, state: 'void' });
    assert.deepEqual(stages(ok(1), ok(2)), [2]);
    assert.deepEqual(stages(voided(1), ok(2)), [2]);
    assert.deepEqual(stages(ok(1), voided(2)), [1]);
    assert.deepEqual(stages(voided(1), voided(2)), [2]);
  });

  it('keep the drift stage off the curve and compare it to its own level', () => {
    const again = samplePoint({ level: 1, stage: 3, kind: 'drift', tokens: 50, tokensCi: [49, 51] });
    const points = [samplePoint({ level: 1, tokens: 100, tokensCi: [99, 101] }), samplePoint({ level: 2 }), again];
    const { points: kept, driftPoint, curves } = curvesOf(points);
    assert.deepEqual(
      kept.map(({ kind }) => kind),
      ['load', 'load'],
    );
    assert.equal(driftPoint, again);
    assert.equal(curves[0]?.drift, 'drifted');
  });

  it('are one for each cell of lengths', () => {
    const short = { inputTokens: 10, outputTokens: 5 };
    const points = [
      ...doubling(100, 200, 205),
      ...[1, 2].map((level) => samplePoint({ level, stage: 10 + level, cell: short })),
    ];
    const { curves } = curvesOf(points);
    assert.deepEqual(
      curves.map(({ cell, knee }) => [cell.inputTokens, knee.level]),
      [
        [100, 2],
        [10, 1],
      ],
    );
  });

  it('are none without points', () => {
    assert.deepEqual(curvesOf([]), { points: [], notebook: [], driftPoint: null, curves: [] });
  });

  it('hold 200 levels', () => {
    const points = Array.from({ length: 200 }, (_, place) =>
      samplePoint({ level: place + 1, tokens: 100 * Math.min(place + 1, 50) }),
    );
    assert.deepEqual(curvesOf(points).curves[0]?.answers, {
      lowLatency: 1,
      balanced: 46,
      highThroughput: 50,
      sloGiven: false,
      highestMet: null,
    });
  });
});
