import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Knee } from '../../lib/curve/curve.ts';
import { kneeOf } from '../../lib/curve/knee.ts';
import type { Point } from '../../lib/curve/point.ts';
import { doubling, samplePoint } from './sample-point.ts';

const at = (level: number, withinNoise = false): Knee => ({ level, reason: null, withinNoise });
const none = (reason: Knee['reason']): Knee => ({ level: null, reason, withinNoise: false });
const edge = (tokensCi: [number, number]) => [
  ...doubling(100),
  samplePoint({ level: 2, tokens: 180, tokensCi }),
  ...[4, 8].map((level) => samplePoint({ level, tokens: level === 4 ? 218 : 220 })),
];

describe('the knee', () => {
  const table: { why: string; points: Point[]; knee: Knee }[] = [
    { why: 'no level', points: [], knee: none('too_few_levels') },
    { why: 'one level', points: doubling(100), knee: none('too_few_levels') },
    {
      why: 'one valid level of two',
      points: [...doubling(100), samplePoint({ level: 2, tokens: 150, state: 'void' })],
      knee: none('too_few_levels'),
    },
    { why: 'one level with a throughput', points: doubling(100, null), knee: none('too_few_levels') },
    { why: 'throughput doubles with the load', points: doubling(100, 200, 400), knee: none('still_rising') },
    { why: 'the last doubling gains just 10 %', points: doubling(100, 200, 220), knee: none('still_rising') },
    { why: 'the last doubling gains less', points: doubling(100, 200, 219.9), knee: at(2) },
    { why: 'throughput falls again', points: doubling(100, 200, 150), knee: at(2) },
    { why: 'flat from the first level on', points: doubling(100, 101, 102), knee: at(1) },
    { why: '1 ÷ 1.1 of the highest is enough', points: doubling(200.001, 220, 219), knee: at(1) },
    { why: 'a little less is not', points: doubling(199.999, 220, 219), knee: at(2) },
    {
      why: 'a void level is no knee and no optimum',
      points: [
        ...doubling(100, 200),
        samplePoint({ level: 4, tokens: 900, state: 'void' }),
        samplePoint({ level: 8, tokens: 205 }),
      ],
      knee: at(2),
    },
    {
      why: 'a suspect level counts',
      points: doubling(100, 200, 205).map((p) => ({ ...p, validity: { state: 'suspect' as const, reasons: [] } })),
      knee: at(2),
    },
    { why: 'the interval of the level below stays under the threshold', points: edge([160, 199.9]), knee: at(4) },
    { why: 'the interval of the level below reaches the threshold', points: edge([160, 220 / 1.1]), knee: at(4, true) },
    {
      why: 'a step of half a doubling: 5 % is as steep as 10 % of a whole one',
      points: [samplePoint({ level: 10, tokens: 100 }), samplePoint({ level: 14, tokens: 105 })],
      knee: none('still_rising'),
    },
    { why: 'nothing came out at all', points: doubling(0, 0), knee: none('too_few_levels') },
  ];
  for (const { why, points, knee } of table) {
    it(`${why}: ${knee.level ?? knee.reason}`, () => {
      assert.deepEqual(kneeOf(points), knee);
      assert.deepEqual(kneeOf(points.toReversed()), knee);
    });
  }

  it('is the smallest of up to 200 levels within the share, found by trying', () => {
    const curve = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 200 });
    fc.assert(
      fc.property(curve, (tokens) => {
        const points = tokens.map((value, place) => samplePoint({ level: place + 1, tokens: value }));
        const highest = Math.max(...tokens);
        const { level, reason } = kneeOf(points);
        const rises =
          Math.log((tokens.at(-1) ?? 0) / (tokens.at(-2) ?? 1)) / Math.log(tokens.length / (tokens.length - 1));
        const stillRising = tokens.at(-1) === highest && rises >= Math.log(1.1) / Math.log(2);
        assert.equal(reason === 'still_rising', stillRising);
        if (!stillRising) assert.equal(level, tokens.findIndex((value) => value * 1.1 >= highest * (1 - 1e-12)) + 1);
      }),
      { numRuns: 60 },
    );
  });
});
