import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadItems } from '../../lib/report/load-items.ts';
import { checkSpec } from '../../lib/spec/parse.ts';

const items = (changes: object) => {
  const spec = checkSpec({
    target: { url: 'http://mock/v1' },
    workload: { inputTokens: 100, outputTokens: 8 },
    load: { levels: [1, 2, 4] },
    ...changes,
  });
  return new Map(loadItems(spec).map(({ name, value }) => [name, value]));
};

describe('the setup tells of the load', () => {
  it('its levels, its order, its repeats, and where it may end early', () => {
    const plain = items({});
    assert.equal(plain.get('Parallel requests'), '1, 2 and 4');
    assert.deepEqual([plain.has('Runs'), plain.has('Ends early'), plain.has('Prices')], [false, false, false]);
    const shuffled = items({ load: { levels: [1, 2, 4], order: 'shuffled', repeats: 3 } });
    assert.equal(shuffled.get('Parallel requests'), '1, 2 and 4, in shuffled order');
    assert.match(shuffled.get('Runs') ?? '', /^each level 3 times/);
    const until = (load: object) => items({ load: { levels: [1], ...load } }).get('Runs');
    assert.equal(
      until({ untilPrecise: { of: 'ttft', within: 0.1 } }),
      '1 to 5 runs of each level, until the p95 of TTFT is within ±10 %, together one point',
    );
    assert.match(until({ untilPrecise: {}, repeats: 5 }) ?? '', /^5 runs of each level, until/);
    assert.equal(
      items({ load: { levels: [1, 2], stopAt: ['plateau'] } }).get('Ends early'),
      'where throughput no longer rises',
    );
  });

  it('between which levels it searches, and that a search checks no drift', () => {
    const search = items({ load: { search: { from: 4, to: 64 } }, slo: { percentiles: { ttft: { p95: '1s' } } } });
    assert.equal(search.get('Parallel requests'), 'a search from 4 to 64 for the highest that meets the SLO');
    assert.match(search.get('Check for drift') ?? '', /^none, for a search/);
  });

  it('whether the first level runs again', () => {
    assert.match(items({}).get('Check for drift') ?? '', /^the first level runs again/);
    assert.match(items({ load: { levels: [8] } }).get('Check for drift') ?? '', /one level alone/);
    assert.equal(items({ load: { levels: [1, 2], driftCheck: false } }).get('Check for drift'), 'off');
  });

  it('its budget and the prices', () => {
    const prices = { inputPerMillion: 0.5, outputPerMillion: 1.5, currency: 'EUR' };
    const bounded = items({ prices, budget: { minutes: 90, requests: 10_000, cost: 5 } });
    assert.equal(bounded.get('Budget'), 'at most 90 minutes, 10,000 requests and 5 EUR');
    assert.equal(bounded.get('Prices'), '0.5 EUR for a million tokens in, 1.5 EUR for a million out');
    assert.equal(items({ budget: { minutes: null } }).get('Budget'), 'none');
  });
});
