import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cellOf } from '../../lib/plan/cell.ts';
import { plateauOf } from '../../lib/plan/plateau.ts';
import { runOrder } from '../../lib/plan/run-order.ts';
import { sloSchema } from '../../lib/spec/slo.ts';
import { play } from './play.ts';
import { samplePlan, sampleSpec, sampleVerdict } from './sample-plan.ts';

const slo = sloSchema.parse({ errorRate: 0.01 });
const levels = [1, 2, 4, 8, 16];

describe('plateau: elasticity Δln T ÷ Δln L below ln 1.1 ÷ ln 2 on two valid steps in a row', () => {
  const cases: readonly { why: string; rates: readonly (readonly [number, number | null])[]; at: object | null }[] = [
    {
      why: 'two flat steps',
      rates: [
        [1, 10],
        [2, 18],
        [4, 19],
        [8, 20],
      ],
      at: { from: 2, to: 8 },
    },
    {
      why: 'falling is flat',
      rates: [
        [1, 10],
        [2, 9],
        [4, 8],
      ],
      at: { from: 1, to: 4 },
    },
    {
      why: 'one flat step is not enough',
      rates: [
        [1, 10],
        [2, 18],
        [4, 19],
      ],
      at: null,
    },
    {
      why: 'the steps must be in a row',
      rates: [
        [1, 10],
        [2, 10.5],
        [4, 20],
        [8, 20.5],
      ],
      at: null,
    },
    {
      why: 'exactly 10 % at a doubling still rises',
      rates: [
        [1, 10],
        [2, 11],
        [4, 12.1],
      ],
      at: null,
    },
    {
      why: '12 % over a fourfold level is less than 10 % a doubling',
      rates: [
        [1, 10],
        [4, 11.2],
        [16, 12.5],
      ],
      at: { from: 1, to: 16 },
    },
    {
      why: 'a level without throughput makes no step',
      rates: [
        [1, 10],
        [2, 10.1],
        [4, 0],
        [8, null],
      ],
      at: null,
    },
    {
      why: 'steps over it count',
      rates: [
        [1, 10],
        [2, null],
        [4, 10.1],
        [8, 10.2],
      ],
      at: { from: 1, to: 8 },
    },
  ];
  for (const { why, rates, at } of cases) {
    test(why, () => {
      const verdicts = rates.map(([level, rate], index) =>
        sampleVerdict({ stage: index + 1, level, outputTokensPerSecond: rate }),
      );
      assert.deepEqual(plateauOf(verdicts), at);
    });
  }
  test('a void level makes no step, and of a repeated one the newest, pooled figure counts', () => {
    const of = (level: number, rate: number, state: 'ok' | 'void' = 'ok') =>
      sampleVerdict({ level, outputTokensPerSecond: rate, state });
    assert.equal(plateauOf([of(1, 10), of(2, 10.1), of(4, 10.2, 'void')]), null);
    assert.equal(plateauOf([of(1, 10), of(2, 10.1), of(4, 10.2), of(4, 30)]), null);
  });

  const flat = (stopAt: readonly ('plateau' | 'slo')[], repeats = 1) =>
    play(samplePlan(sampleSpec({ load: { levels, stopAt, repeats } })), ({ level }) => ({
      outputTokensPerSecond: Math.min(level, 2) * 10,
    }));
  test('ends the sweep when asked for, after its drift check', () => {
    const { run, ended } = flat(['plateau']);
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2', 'load 4', 'load 8', 'drift 1 again']);
    assert.equal(ended.reason, 'plateau');
    assert.match(ended.detail ?? '', /^From 2 to 8 parallel requests throughput rose by less than 10 % a doubling/);
  });
  test('waits for all repeats of a level', () => {
    const { run } = flat(['plateau'], 2);
    assert.deepEqual(run.slice(-3), ['load 8', 'load 8 again', 'drift 1 again']);
  });
  test('is off unless asked for', () => assert.equal(flat([]).ended.reason, 'done'));
});

describe('slo: a level that misses it', () => {
  const missedFrom = (limit: number, changes: Parameters<typeof sampleSpec>[0]) =>
    play(samplePlan({ ...sampleSpec(changes), slo }), ({ level }) => ({ slo: level < limit ? 'met' : 'missed' }));

  test('ends the sweep when asked for, after its drift check', () => {
    const { run, ended } = missedFrom(4, { load: { levels, stopAt: ['slo'] } });
    assert.deepEqual(run, ['probe 1', 'load 1', 'load 2', 'load 4', 'drift 1 again']);
    assert.deepEqual(ended, { reason: 'slo', detail: 'Level 4 misses the SLO.' });
  });
  test('at the first level: nothing else is run, not even the drift check', () => {
    assert.deepEqual(missedFrom(1, { load: { levels, stopAt: ['slo'] } }).run, ['probe 1', 'load 1']);
  });
  test('is off unless asked for', () => {
    assert.equal(missedFrom(4, { load: { levels } }).ended.reason, 'done');
  });
  test('undecided is not missed', () => {
    const plan = samplePlan({ ...sampleSpec({ load: { levels, stopAt: ['slo'] } }), slo });
    assert.equal(play(plan, () => ({ slo: 'undecided' })).ended.reason, 'done');
  });
  test('with repeats the pooled verdict of the last counts: the first may have missed by chance', () => {
    const plan = samplePlan({ ...sampleSpec({ load: { levels, stopAt: ['slo'], repeats: 2 } }), slo });
    const { ended } = play(plan, ({ repeat }) => ({ slo: repeat === 0 ? 'missed' : 'met' }));
    assert.equal(ended.reason, 'done');
  });
  test('in shuffled order: levels above the lowest that missed are left out, those below are run', () => {
    const load = { levels, order: 'shuffled', stopAt: ['slo'] } as const;
    for (let seed = 0; seed < 50; seed++) {
      const spec = { ...sampleSpec({ load: { ...load, driftCheck: false } }), slo, seed };
      const { run, ended } = play(samplePlan(spec), ({ level }) => ({ slo: level < 4 ? 'met' : 'missed' }));
      const ran = run.slice(1).map((name) => Number(name.split(' ')[1]));
      let missed = Number.POSITIVE_INFINITY;
      const expected = runOrder(spec, cellOf(spec.workload))
        .map(({ level }) => level)
        .filter((level) => {
          if (level >= missed) return false;
          if (level >= 4) missed = level;
          return true;
        });
      assert.deepEqual(ran, expected, `seed ${seed}`);
      assert.equal(ended.reason, 'slo');
    }
  });
});

describe('a level void twice in a row ends the sweep', () => {
  const voided = { state: 'void', reasons: ['cpu'] } as const;
  const endOf = (states: string) => {
    let run = 0;
    const spec = sampleSpec({ load: { levels: [1, 2], repeats: states.length, driftCheck: false } });
    return play(samplePlan(spec), ({ level, kind }) =>
      kind === 'load' && level === 1 && states[run++] === 'v' ? voided : {},
    ).ended;
  };
  const cases = [
    { states: 'vv', reason: 'void', why: 'its only runs' },
    { states: 'ovv', reason: 'void', why: 'after one that can be believed' },
    { states: 'vov', reason: 'done', why: 'not when one between them can be believed' },
    { states: 'ov', reason: 'done', why: 'not once' },
  ];
  for (const { states, reason, why } of cases) {
    test(`${states}: ${why}`, () => assert.equal(endOf(states).reason, reason));
  }
});
