import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cellOf } from '../../lib/plan/cell.ts';
import { runOrder } from '../../lib/plan/run-order.ts';
import type { Spec } from '../../lib/spec/schema.ts';
import { play } from './play.ts';
import { samplePlan, sampleSpec } from './sample-plan.ts';

const lost = { state: 'void', requests: 0, errorShare: null, reasons: ['streams_missing'] } as const;
const shuffled = sampleSpec({ load: { levels: [1, 2, 4, 8], order: 'shuffled', repeats: 2 } });

const levelOrder = (spec: Spec) => runOrder(spec, cellOf(spec.workload)).map(({ level }) => level);

describe('the order of levels', () => {
  test('rising: each level with all its repeats before the next', () => {
    const { run } = play(samplePlan(sampleSpec({ load: { levels: [1, 2], repeats: 3, driftCheck: false } })));
    assert.deepEqual(run.slice(1), [
      'load 1',
      'load 1 again',
      'load 1 again',
      'load 2',
      'load 2 again',
      'load 2 again',
    ]);
  });
  test('shuffled: every level as often as asked, in an order that the seed alone decides', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
        const order = levelOrder({ ...shuffled, seed });
        assert.deepEqual(order, levelOrder({ ...shuffled, seed }));
        assert.deepEqual(
          order.toSorted((a, b) => a - b),
          [1, 1, 2, 2, 4, 4, 8, 8],
        );
      }),
    );
    const orders = Array.from({ length: 20 }, (_, seed) => levelOrder({ ...shuffled, seed }).join());
    assert.ok(new Set(orders).size > 15, 'seeds differ');
  });
  test('every place is as likely for every level', () => {
    const first = Array.from({ length: 4000 }, (_, seed) => levelOrder({ ...shuffled, seed })[0] ?? 0);
    for (const level of [1, 2, 4, 8]) {
      const share = first.filter((one) => one === level).length / first.length;
      assert.ok(Math.abs(share - 0.25) < 0.03, `level ${level} comes first in ${share} of all orders`);
    }
  });
  test('a sweep runs them in that order, and checks for drift at the level it ran first', () => {
    const { run } = play(samplePlan(shuffled));
    const order = levelOrder(shuffled);
    assert.deepEqual(
      run.slice(1).map((stage) => Number(stage.split(' ')[1])),
      order.at(-1) === order[0] ? order : [...order, order[0]],
    );
  });
  test('a repeat whose workers were all lost runs again at once, and the order goes on', () => {
    let stage = 0;
    const { run } = play(samplePlan(shuffled), () => (stage++ === 3 ? lost : {}));
    const order = levelOrder(shuffled);
    const ran = run.slice(1).map((name) => Number(name.split(' ')[1]));
    assert.deepEqual(ran.slice(0, 9), [...order.slice(0, 3), ...order.slice(2)]);
  });
});
