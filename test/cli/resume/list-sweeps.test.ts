import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listSweeps } from '../../../lib/cli/resume/list-sweeps.ts';
import { planKey, receiptKey, statusKey } from '../../../lib/store/key-layout.ts';
import { memoryStore } from '../../store/memory-store.ts';

test('the sweeps are listed, the newest first, without a look at what each of them holds', async () => {
  const store = memoryStore();
  for (const [sweepId, startedAtEpochMs] of Object.entries({ old: 1, newest: 3, newer: 2 })) {
    await store.put(statusKey(sweepId), JSON.stringify({ sweepId, startedAtEpochMs }));
    for (let worker = 0; worker < 20; worker++) await store.put(receiptKey(sweepId, 1, worker), '{}');
  }
  await store.put(planKey('not begun'), '{}');
  const list = () => assert.fail('every key was read');
  const statuses = await listSweeps({ ...store, list });
  assert.deepEqual(
    statuses.map(({ sweepId }) => sweepId),
    ['newest', 'newer', 'old'],
  );
});
