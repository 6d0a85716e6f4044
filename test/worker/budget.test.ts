import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Allowance } from '../../lib/plan/allowance.ts';
import { sampleAssignment } from '../plan/sample-assignment.ts';
import { runVirtually } from './run-virtually.ts';

const unbounded: Allowance = { requests: null, inputTokens: null, outputTokens: null, cost: null };

/** A worker of 8 streams whose answers have 10 tokens and take about 215 ms: some 37 requests a second, for 5 s and more. */
const run = (share: Partial<Allowance>, rest: Parameters<typeof runVirtually>[0] = {}) =>
  runVirtually({
    ...rest,
    design: { level: 8, ...rest?.design },
    rest: {
      funds: {
        share: { ...unbounded, ...share },
        prices: { inputPerMillion: 1, outputPerMillion: 5, currency: 'USD' },
      },
      ...rest?.rest,
    },
  });

describe('a worker with a share of a budget', () => {
  test('sends exactly as many requests as it may, lets all of them end, and says why it stopped', async () => {
    const { end, receipt, journal, records, tookMs } = await run({ requests: 50 });
    assert.equal(journal.length, 50);
    assert.ok(
      records.every(({ outcome }) => outcome === 'ok'),
      'nothing is cancelled',
    );
    assert.deepEqual([end, receipt.state, receipt.ranOutOf, receipt.failure], ['stopped', 'stopped', 'requests', null]);
    assert.ok(tookMs < 3000, 'it does not wait for the window to end');
  });
  test('keeps within output tokens by what answers use, not by what they may use', async () => {
    // By the user's own parameter an answer may have 40 tokens, and it has 12: eight streams set 320 aside at once.
    const target = { ...sampleAssignment({ startsAtEpochMs: 0 }).target, parameters: { max_tokens: 40 } };
    const { records, receipt } = await run({ outputTokens: 1000 }, { naturalLength: 12, rest: { target } });
    const used = records.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0);
    assert.ok(used <= 1000 && used > 1000 - 8 * 40, `${used} used`);
    assert.ok(records.length > 1000 / 40, 'more than if each had taken what it may');
    assert.equal(receipt.ranOutOf, 'outputTokens');
  });
  test('keeps within a cost', async () => {
    const { records, receipt } = await run({ cost: 10_000 });
    const cost = records.reduce(
      (sum, { inputTokens, outputTokens }) => sum + (inputTokens ?? 0) + 5 * (outputTokens ?? 0),
      0,
    );
    assert.ok(cost <= 10_000 && cost > 10_000 - 8 * 150, `${cost} of 10,000`);
    assert.equal(receipt.ranOutOf, 'cost');
  });
  test('that suffices changes nothing', async () => {
    const [bounded, free] = [
      await run({ requests: 100_000, outputTokens: 1_000_000 }),
      await runVirtually({ design: { level: 8 } }),
    ];
    assert.equal(bounded.end, 'done');
    assert.equal(bounded.receipt.ranOutOf, undefined);
    assert.equal(bounded.journal.length, free.journal.length);
  });
  test('gone while the last answers drain: the window was held, and the worker is done', async () => {
    const free = await runVirtually({ design: { level: 8 } });
    const inWindow = free.records.filter(({ phase }) => phase !== 'after').length;
    const { end, receipt } = await run({ requests: inWindow + 2 });
    assert.deepEqual([end, receipt.ranOutOf], ['done', 'requests']);
  });
  test('counts a request whose usage is unknown as its length and its limit', async () => {
    const { journal } = await run({ outputTokens: 200 }, { faults: [{ kind: 'error_503', share: 1 }] });
    assert.equal(journal.length, 20);
  });
});
