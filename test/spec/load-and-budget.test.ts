import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { SpecError } from '../../lib/spec/fault.ts';
import { parseSpec } from '../../lib/spec/parse.ts';

const target = 'target: {url: "http://host/v1"}\n';
const workload = 'workload: {inputTokens: 100, outputTokens: 10}\n';
const base = `${target}${workload}`;
const slo = 'slo: {errorRate: 0.1}';
const needsSlo = /needs bounds that a level can miss: give slo\.percentiles, slo\.errorRate or slo\.goodputShare/;

/** What is written, and every fault that is told of it. */
const faults: readonly { why: string; head?: string; text: string; says: readonly RegExp[] }[] = [
  {
    why: 'neither levels nor a search',
    text: 'load: {}',
    says: [/^load\.levels is missing: name levels such as .*, or search \(line 3/],
  },
  {
    why: 'both',
    text: `load: {levels: [1], search: {}}\n${slo}`,
    says: [/^load\.search stands beside levels: keep one of them \(line 3, column 21\)$/],
  },
  {
    why: 'a search without an SLO',
    text: 'load: {search: {}}',
    says: [new RegExp(`^load\\.search ${needsSlo.source}`)],
  },
  {
    why: 'a search with bounds on single requests alone',
    text: 'load: {search: {}}\nslo: {perRequest: {ttft: 1s}}',
    says: [needsSlo],
  },
  {
    why: 'a search upside down',
    text: `load: {search: {from: 9, to: 3}}\n${slo}`,
    says: [/^load\.search\.to must not be below from/],
  },
  {
    why: 'a misspelt key of a search',
    text: `load: {search: {form: 2}}\n${slo}`,
    says: [/^load\.search\.form is no key of a spec: did you mean from\?/],
  },
  {
    why: 'a search with what only given levels know',
    text: `load: {search: {}, order: shuffled, repeats: 2, stopAt: [plateau, slo]}\n${slo}`,
    says: [
      /^load\.order means nothing beside search/,
      /^load\.repeats means nothing/,
      /^load\.stopAt\[0\] means nothing/,
      /^load\.stopAt\[1\] means nothing/,
    ],
  },
  {
    why: 'a plateau in shuffled order',
    text: 'load: {levels: [1, 2, 4], order: shuffled, stopAt: [plateau]}',
    says: [/^load\.stopAt\[0\] plateau is told from levels in rising order: leave it out, or order: shuffled/],
  },
  {
    why: 'a stop at the SLO without one',
    text: 'load: {levels: [1], stopAt: [slo]}',
    says: [new RegExp(`^load\\.stopAt\\[0\\] ${needsSlo.source}`)],
  },
  {
    why: 'an unknown stop rule',
    text: 'load: {levels: [1], stopAt: [knee]}',
    says: [/^load\.stopAt\[0\] must be plateau, notebook_plateau or slo/],
  },
  {
    why: 'a stop rule twice',
    text: 'load: {levels: [1], stopAt: [plateau, plateau]}',
    says: [/^load\.stopAt\[1\] stands there twice/],
  },
  {
    why: 'a search over a grid of lengths',
    head: `${target}workload: {inputTokens: [1, 2], outputTokens: [3, 4]}\n`,
    text: `load: {search: {}}\n${slo}`,
    says: [
      /^workload\.inputTokens is a list beside load\.search, which searches for one length/,
      /^workload\.outputTokens is a list/,
    ],
  },
  {
    why: 'the notebook’s plateau without its passes',
    text: 'load: {levels: [1], stopAt: [notebook_plateau]}',
    says: [/^load\.stopAt\[0\] needs load\.notebook/],
  },
  {
    why: 'the notebook’s passes beside what they can’t go with',
    text: 'load: {levels: [1, 2], notebook: {}, order: shuffled}',
    says: [/^load\.order means nothing beside notebook/],
  },
  {
    why: 'the notebook’s passes at levels that one worker can’t carry',
    text: 'load: {levels: [1, 100, 600], notebook: {requestsPerStream: 300}}',
    says: [
      /^load\.levels\[1\] asks for 30,000 requests, more than the 20,000 .*: lower load\.notebook\.requestsPerStream/,
      /^load\.levels\[2\] must be at most 512/,
    ],
  },
  {
    why: 'the notebook’s passes for answers whose length is not fixed, or too short to be halved',
    head: `${target}workload: {inputTokens: 1, outputTokens: {uniform: {min: 1, max: 9}}}\n`,
    text: 'load: {levels: [1], notebook: {}}',
    says: [/^workload\.outputTokens must be one length of at least 2 tokens, or a list of such, beside load\.notebook/],
  },
  {
    why: 'a length of the answers that is the passes’ own to set',
    head: `target: {url: "http://host/v1", parameters: {max_tokens: 9}}\n${workload}`,
    text: 'load: {levels: [1], notebook: {}}',
    says: [/^target\.parameters\.max_tokens stands beside load\.notebook, whose passes set it themselves/],
  },
  {
    why: 'until precise beside a search',
    text: `load: {search: {}, untilPrecise: {}}\n${slo}`,
    says: [/^load\.untilPrecise means nothing beside search/],
  },
  {
    why: 'fewer runs than those that come anyway',
    text: 'load: {levels: [1], repeats: 6, untilPrecise: {}}',
    says: [/^load\.untilPrecise\.most must not be below repeats: each level is run 6 times anyway/],
  },
  {
    why: 'what nobody can be, and shares that are none',
    text: 'load: {levels: [1], untilPrecise: {of: p50, within: 0, most: 0}}',
    says: [
      /^load\.untilPrecise\.of must be latency, ttft or tpot/,
      /^load\.untilPrecise\.within must be a share above 0 and at most 1, such as 0\.05 for 5 %/,
      /^load\.untilPrecise\.most must be at least 1/,
    ],
  },
  {
    why: 'per cent for a share',
    text: 'load: {levels: [1], untilPrecise: {within: 5}}',
    says: [/^load\.untilPrecise\.within must be a share above 0 and at most 1/],
  },
  { why: 'no repeats', text: 'load: {levels: [1], repeats: 0}', says: [/^load\.repeats must be at least 1/] },
  {
    why: 'an unknown order',
    text: 'load: {levels: [1], order: falling}',
    says: [/^load\.order must be rising or shuffled/],
  },
  {
    why: 'a counted search beyond what a worker carries',
    text: `load: {search: {to: 600}}\nstage: {measure: {requestsPerStream: 5}}\n${slo}`,
    says: [/^load\.search\.to must be at most 512 where stages are counted/],
  },
  {
    why: 'a cost without prices',
    text: 'load: {levels: [1]}\nbudget: {cost: 5}',
    says: [/^budget\.cost needs prices: give prices\.inputPerMillion.*\(line 4, column 10\)$/],
  },
  {
    why: 'no minutes at all',
    text: 'load: {levels: [1]}\nbudget: {minutes: 0}',
    says: [/^budget\.minutes must be more than 0/],
  },
  {
    why: 'half a request',
    text: 'load: {levels: [1]}\nbudget: {requests: 0.5}',
    says: [/^budget\.requests must be a whole number/],
  },
  {
    why: 'prices of half the tokens, negative, in no currency',
    text: 'load: {levels: [1]}\nprices: {inputPerMillion: -1, currency: dollars}',
    says: [
      /^prices\.inputPerMillion must be 0 or more/,
      /^prices\.outputPerMillion is missing/,
      /^prices\.currency must be three capital letters such as USD/,
    ],
  },
];

describe('faults of load, prices and budget are told with their path', () => {
  for (const { why, head = base, text, says } of faults) {
    test(why, () => {
      assert.throws(
        () => parseSpec(`${head}${text}\n`),
        (error) => {
          assert.ok(error instanceof SpecError);
          const told = error.message.split('\n');
          assert.equal(told.length, says.length, error.message);
          for (const [index, pattern] of says.entries()) assert.match(told[index] ?? '', pattern);
          return true;
        },
      );
    });
  }
});

describe('load, prices and budget', () => {
  test('left out: rising, once, no stop rule, an hour', () => {
    const { load, prices, budget } = parseSpec(`${base}load: {levels: [1, 2]}`);
    assert.deepEqual(load, {
      levels: [1, 2],
      search: null,
      order: 'rising',
      repeats: 1,
      untilPrecise: null,
      notebook: null,
      stopAt: [],
      driftCheck: true,
    });
    assert.deepEqual(budget, { minutes: 60, requests: null, inputTokens: null, outputTokens: null, cost: null });
    assert.equal(prices, null);
  });
  test('until precise: latency within 5 %, five runs at most, unless told', () => {
    const until = (text: string) => parseSpec(`${base}load: {levels: [1], untilPrecise: ${text}}`).load.untilPrecise;
    assert.deepEqual(until('{}'), { of: 'latency', within: 0.05, most: 5 });
    assert.deepEqual(until('{of: ttft, within: 0.1, most: 8}'), { of: 'ttft', within: 0.1, most: 8 });
    const flag = { path: ['load', 'untilPrecise', 'within'] as const, value: 0.2, flag: '--until-precise' };
    const { load } = parseSpec(`${base}load: {levels: [1], untilPrecise: {of: tpot}}`, [flag]);
    assert.deepEqual(load.untilPrecise, { of: 'tpot', within: 0.2, most: 5 }, 'by a flag, over a file');
  });
  test('a search has its ends by default, and no levels', () => {
    const { load } = parseSpec(`${base}load: {search: {}}\n${slo}`);
    assert.deepEqual([load.levels, load.search], [[], { from: 1, to: 256 }]);
  });
  test('no limit of time when asked for', () => {
    assert.equal(parseSpec(`${base}load: {levels: [1]}\nbudget: {minutes: null}`).budget.minutes, null);
  });
  test('levels by a flag stand instead of the search of a file', () => {
    const { load } = parseSpec(`${base}load: {search: {to: 8}}\n${slo}`, [{ path: ['load', 'levels'], value: [4] }]);
    assert.deepEqual([load.levels, load.search], [[4], null]);
  });
});

const examples = join(import.meta.dirname, '..', '..', 'examples');
for (const file of globSync('*.yaml', { cwd: examples })) {
  test(`examples/${file} is a sweep`, () => {
    assert.ok(parseSpec(readFileSync(join(examples, file), 'utf8')).name.length > 0);
  });
}
