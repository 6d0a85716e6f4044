import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Condition, readCondition } from '../../lib/report/condition.ts';
import { conditionRefusals } from '../../lib/report/condition-refusals.ts';
import { percentileNames, timeMetrics } from '../../lib/report/metric-value.ts';
import { checkSpec } from '../../lib/spec/parse.ts';

function conditionOf(text: string): Condition {
  const { condition, fault } = readCondition(text);
  assert.ok(condition, fault);
  return condition;
}

describe('a condition as it is written', () => {
  const cases: readonly (readonly [text: string, read: Omit<Condition, 'text'>, why: string])[] = [
    [
      'ttft.p95@8>500',
      { metric: 'ttft', percentile: 'p95', level: 8, operator: '>', limit: 500 },
      'the example of the docs',
    ],
    [
      ' latency.mean @ 16 >= 2500.5 ',
      { metric: 'latency', percentile: 'mean', level: 16, operator: '>=', limit: 2500.5 },
      'spaces mean nothing',
    ],
    [
      'throughput<1000',
      { metric: 'throughput', percentile: null, level: null, operator: '<', limit: 1000 },
      'no level: every level',
    ],
    [
      'errors@1<=.05',
      { metric: 'errors', percentile: null, level: 1, operator: '<=', limit: 0.05 },
      'a number may begin with its point',
    ],
    [
      'goodput<1',
      { metric: 'goodput', percentile: null, level: null, operator: '<', limit: 1 },
      'a share may be all of it',
    ],
  ];
  for (const [text, read, why] of cases) {
    test(`${text}: ${why}`, () => assert.deepEqual(conditionOf(text), { text: text.trim(), ...read }));
  }

  test('every time can be asked for by every percentile at any level and limit', () => {
    const parts = fc.record({
      metric: fc.constantFrom(...timeMetrics),
      percentile: fc.constantFrom(...percentileNames),
      level: fc.integer({ min: 1, max: 1e6 }),
      operator: fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const),
      limit: fc.integer({ min: 0, max: 1e6 }).map((tenths) => tenths / 10),
    });
    fc.assert(
      fc.property(parts, (read) => {
        const text = `${read.metric}.${read.percentile}@${read.level}${read.operator}${read.limit}`;
        assert.deepEqual(conditionOf(text), { text, ...read });
      }),
    );
  });
});

describe('a condition that can’t be read says what to write', () => {
  const cases: readonly (readonly [text: string, fault: RegExp, why: string])[] = [
    ['', /write it like "ttft\.p95@8>500"/, 'nothing is there'],
    ['ttft.p95@8', /write it like/, 'an unquoted > was taken by the shell'],
    ['ttft.p95=500', /no operator =: use >, >=, < or <=/, 'equality of measured figures is chance'],
    ['ttft.p95=>500', /no operator =>/, 'an operator turned round'],
    ['p95>500', /no metric p95: use ttft, .*goodput/, 'the metric was forgotten'],
    ['>500', /names no metric/, 'nothing before the operator'],
    ['TTFT.p95>500', /no metric TTFT/, 'names are as in the report’s files'],
    ['ttft>500', /ttft needs a percentile, such as ttft\.p95/, 'a time alone is no figure'],
    ['ttft.p96>500', /there is no ttft\.p96: use p50, p90, p95, p99, mean/, 'not reported'],
    ['errors.p95>0.1', /errors has no percentiles: write errors alone/, 'a share is one figure'],
    ['ttft.p95@0>500', /a level, a whole number such as 8, not "0"/, 'no load is no level'],
    ['ttft.p95@1.5>500', /a level, a whole number/, 'half a request'],
    ['ttft.p95@>500', /a level, a whole number such as 8, not ""/, 'the level was forgotten'],
    ['ttft.p95>', /a number of ms, without the unit, not ""/, 'the limit was forgotten'],
    ['ttft.p95>0.5s', /a number of ms, without the unit, not "0\.5s"/, 'one unit for each metric'],
    ['throughput<1e3x', /a number of tokens\/s/, 'no number'],
    ['errors>5', /a share from 0 to 1: 5 % is 0\.05/, 'per cent were meant, and it would never hold'],
    ['errors>5%', /a share from 0 to 1, such as 0\.05 for 5 %/, 'per cent were meant'],
    ['ttft.p95>-1', /a number of ms/, 'no time is below 0'],
    ['ttft.p95>1>2', /a number of ms|no operator/, 'two conditions in one'],
  ];
  for (const [text, fault, why] of cases) {
    test(`${JSON.stringify(text)}: ${why}`, () => assert.match(readCondition(text).fault ?? '', fault));
  }
});

describe('a condition that a sweep could never judge is refused before it begins', () => {
  const target = { url: 'http://127.0.0.1/v1', model: 'm' };
  const lengths = { inputTokens: 10, outputTokens: 10 };
  const levels = checkSpec({ target, workload: lengths, load: { levels: [1, 8] } });
  const search = checkSpec({
    target,
    workload: lengths,
    load: { search: { from: 2, to: 64 } },
    slo: { perRequest: { ttft: '1s' }, goodputShare: 0.9 },
  });
  const cases = [
    { text: 'ttft.p95@8>500', spec: levels, refusal: null, why: 'the level is run' },
    { text: 'ttft.p95>500', spec: levels, refusal: null, why: 'whatever levels are run' },
    { text: 'ttft.p95@4>500', spec: levels, refusal: /no level 4, only 1, 8/, why: 'the level is not run' },
    { text: 'goodput<0.9', spec: levels, refusal: /slo\.perRequest, which the sweep lacks/, why: 'nothing is good' },
    { text: 'goodput@4<0.9', spec: search, refusal: null, why: 'a search may come by it' },
    { text: 'errors@65>0', spec: search, refusal: /from 2 to 64/, why: 'a search never goes there' },
  ];
  for (const { text, spec, refusal, why } of cases) {
    test(`${text}: ${why}`, () => {
      const refusals = conditionRefusals([conditionOf(text)], spec);
      assert.equal(refusals.length, refusal === null ? 0 : 1);
      if (refusal !== null) assert.match(refusals[0] ?? '', refusal);
    });
  }
});
