import assert from 'node:assert/strict';
import { it } from 'node:test';
import { mapAtMost } from '../../lib/timing/at-most.ts';

it('maps in order with at most so many under way', async () => {
  let underWay = 0;
  let most = 0;
  const results = await mapAtMost(3, [5, 1, 4, 2, 3, 0, 1], async (turns) => {
    underWay += 1;
    most = Math.max(most, underWay);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    underWay -= 1;
    return turns * 10;
  });
  assert.deepEqual(results, [50, 10, 40, 20, 30, 0, 10]);
  assert.equal(most, 3);
});

it('maps nothing to nothing', async () => {
  assert.deepEqual(await mapAtMost(3, [], () => Promise.reject(new Error('never'))), []);
});
