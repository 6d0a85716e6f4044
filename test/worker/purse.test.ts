import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Allowance, amountsOf } from '../../lib/plan/allowance.ts';
import { purseOf } from '../../lib/worker/purse.ts';

const unbounded: Allowance = { requests: null, inputTokens: null, outputTokens: null, cost: null };
const asked = { inputTokens: 100, outputTokens: 50 };
const purse = (share: Partial<Allowance>, prices: Parameters<typeof amountsOf>[1] = null) =>
  purseOf({ share: { ...unbounded, ...share }, prices: prices && { ...prices, currency: 'USD' } });

describe('a worker’s purse', () => {
  it('never runs out without a budget', () => {
    const endless = purseOf(null);
    assert.ok(Array.from({ length: 1000 }, () => endless.reserve(asked)).every(Boolean));
    assert.equal(endless.ranOutOf, null);
  });
  it('sets aside the input length and the limit of the answer for each request', () => {
    const own = purse({ inputTokens: 250, outputTokens: 1000 });
    assert.deepEqual([own.reserve(asked), own.reserve(asked), own.reserve(asked)], [true, true, false]);
    assert.equal(own.ranOutOf, 'inputTokens');
  });
  it('replaces what was set aside by what was used, so that there is room for more', () => {
    const own = purse({ outputTokens: 60 });
    const sendOne = () => {
      const reserved = own.reserve(asked);
      if (reserved) own.settle(asked, { sent: true, inputTokens: 100, outputTokens: 4 });
      return reserved;
    };
    assert.deepEqual([sendOne(), sendOne(), sendOne(), sendOne()], [true, true, true, false], '12 used, 62 wanted');
  });
  it('keeps what was set aside where the endpoint gave no count', () => {
    const own = purse({ outputTokens: 100 });
    own.reserve(asked);
    own.settle(asked, { sent: true, inputTokens: 100, outputTokens: null });
    assert.deepEqual([own.reserve(asked), own.reserve(asked)], [true, false]);
  });
  it('gives all of it back for a request that was never sent', () => {
    const own = purse({ requests: 1 });
    own.reserve(asked);
    own.settle(asked, { sent: false, inputTokens: null, outputTokens: null });
    assert.ok(own.reserve(asked));
  });
  it('knows the cost, in millionths of the currency', () => {
    // 100 × 2 + 50 × 10 = 700 millionths each.
    const own = purse({ cost: 1400 }, { inputPerMillion: 2, outputPerMillion: 10 });
    assert.deepEqual([own.reserve(asked), own.reserve(asked), own.reserve(asked)], [true, true, false]);
    assert.equal(own.ranOutOf, 'cost');
  });
  it('once run out stays so, though more comes back', () => {
    const own = purse({ requests: 1 });
    own.reserve(asked);
    own.reserve(asked);
    own.settle(asked, { sent: false, inputTokens: null, outputTokens: null });
    assert.equal(own.reserve(asked), false);
  });
  it('is never exceeded, and never left with room for another request, whatever answers use', () => {
    const share = fc.record({
      requests: fc.integer({ min: 1, max: 200 }),
      outputTokens: fc.integer({ min: 50, max: 4000 }),
    });
    const answers = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(share, answers, fc.integer({ min: 1, max: 8 }), (bounds, tokens, streams) => {
        const own = purse(bounds);
        const used = { requests: 0, inputTokens: 0, outputTokens: 0 };
        const inFlight: number[] = [];
        const settleOne = () => {
          const outputTokens = inFlight.shift() ?? 0;
          used.outputTokens += outputTokens;
          own.settle(asked, { sent: true, inputTokens: 0, outputTokens });
        };
        for (const outputTokens of tokens) {
          if (!own.reserve(asked)) break;
          used.requests += 1;
          inFlight.push(outputTokens);
          if (inFlight.length === streams) settleOne();
        }
        while (inFlight.length > 0) settleOne();
        const spent = amountsOf(used, null);
        assert.ok(spent.requests <= bounds.requests && spent.outputTokens <= bounds.outputTokens);
        if (own.ranOutOf === null) return;
        // Unused is at most what was set aside for one request on each stream.
        const bound = own.ranOutOf === 'requests' ? bounds.requests : bounds.outputTokens;
        const room = own.ranOutOf === 'requests' ? 1 : asked.outputTokens;
        assert.ok(
          bound - spent[own.ranOutOf] < streams * room,
          `${bound - spent[own.ranOutOf]} of ${own.ranOutOf} unused`,
        );
      }),
    );
  });
});
