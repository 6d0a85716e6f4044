import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { curveLines, type LevelSoFar, levelsSoFar } from '../../../lib/cli/progress/curve-so-far.ts';
import type { Verdict } from '../../../lib/plan/verdict.ts';
import { samplePlan, sampleProbeVerdict, sampleSpec, sampleVerdict } from '../../plan/sample-plan.ts';

const rate = (level: number, tokensPerSecond: number): LevelSoFar => ({ level, tokensPerSecond });

describe('the curve so far', () => {
  const cases: readonly {
    readonly why: string;
    readonly levels: readonly LevelSoFar[];
    readonly width?: number;
    readonly lines: readonly [string, string] | null;
  }[] = [
    {
      why: 'bars from 0 to the most; levels that run, are to come, are void or count no tokens have marks',
      levels: [
        rate(1, 100),
        rate(2, 200),
        rate(4, 400),
        rate(8, 800),
        { level: 16, state: 'void' },
        { level: 32, state: 'unknown' },
        { level: 64, state: 'running' },
        { level: 128, state: 'to come' },
      ],
      lines: ['tok/s  ▁▁ ▂▂ ▄▄ ██ ×  ?  …  ·    most 800 at 8', '       1  2  4  8  16 32 64 128'],
    },
    {
      why: 'a curve that falls has its most before its end',
      levels: [rate(1, 50), rate(100, 1234), rate(200, 617)],
      lines: ['tok/s  ▁▁ ███ ▄▄▄  most 1,230 at 100', '       1  100 200'],
    },
    { why: 'nothing measured: no most', levels: [{ level: 1, state: 'running' }], lines: ['tok/s  … ', '       1 '] },
    {
      why: 'no throughput at all is the lowest bar',
      levels: [rate(1, 0)],
      lines: ['tok/s  ▁▁  most 0 at 1', '       1 '],
    },
    {
      why: 'where not all fit, those around the last that was reached',
      levels: [rate(1, 1), rate(2, 2), rate(4, 4), { level: 8, state: 'running' }, { level: 16, state: 'to come' }],
      width: 28,
      lines: ['tok/s  ▄▄ ██ …   most 4 at 4', '       2  4  8 '],
    },
    { why: 'a terminal too narrow for any', levels: [rate(1, 1)], width: 12, lines: null },
  ];
  for (const { why, levels, width = 100, lines } of cases) {
    test(why, () => {
      const drawn = curveLines(levels, width);
      assert.deepEqual(drawn && [drawn.bars, drawn.levels], lines);
      for (const line of lines ?? []) assert.ok(line.length <= width);
    });
  }
});

describe('the levels of a sweep so far', () => {
  const plan = samplePlan(sampleSpec({ load: { levels: [4, 2, 8] } }));
  const verdict = (level: number, tokensPerSecond: number | null, changes: Partial<Verdict> = {}) =>
    sampleVerdict({ level, outputTokensPerSecond: tokensPerSecond, ...changes });
  const search = samplePlan(sampleSpec({ load: { levels: [] } }));

  test('are told rising, in whatever order they run', () =>
    assert.deepEqual(levelsSoFar(plan, [sampleProbeVerdict(), verdict(4, 100)], null), [
      { level: 2, state: 'to come' },
      { level: 4, tokensPerSecond: 100 },
      { level: 8, state: 'to come' },
    ]));
  test('have the mean of their runs that are not void', () => {
    const runs = [verdict(4, 100), verdict(4, 300), verdict(4, 9000, { state: 'void' })];
    assert.deepEqual(levelsSoFar(plan, runs, null)[1], { level: 4, tokensPerSecond: 200 });
    assert.deepEqual(levelsSoFar(plan, runs.slice(2), null)[1], { level: 4, state: 'void' });
  });
  test('without a count of tokens are not taken for none', () =>
    assert.deepEqual(levelsSoFar(plan, [verdict(4, null)], null)[1], { level: 4, state: 'unknown' }));
  test('are not the drift check', () =>
    assert.deepEqual(levelsSoFar(plan, [verdict(4, 100), verdict(4, 900, { kind: 'drift' })], null)[1], {
      level: 4,
      tokensPerSecond: 100,
    }));
  test('of a search are those that it has come by', () =>
    assert.deepEqual(levelsSoFar(search, [verdict(8, 100), verdict(4, 50)], null), [
      { level: 4, tokensPerSecond: 50 },
      { level: 8, tokensPerSecond: 100 },
    ]));
});
