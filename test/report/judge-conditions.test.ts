import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Point } from '../../lib/curve/point.ts';
import { readCondition } from '../../lib/report/condition.ts';
import { type FailedCondition, judgeConditions } from '../../lib/report/judge-conditions.ts';
import type { Report } from '../../lib/report/report.ts';
import { failing, judged, sampleReport, withLevel } from './sample-report.ts';
import { withSlo } from './slo-sample.ts';

function judge(report: Report, ...texts: readonly string[]): readonly FailedCondition[] {
  const conditions = texts.map((text) => {
    const { condition, fault } = readCondition(text);
    assert.ok(condition, fault);
    return condition;
  });
  return judgeConditions(report, conditions);
}

const base = sampleReport({ levels: [8, 16, 32] });
const at8 = (change: (point: Point) => Point) => withLevel(base, 8, change);
const p95 = (value: number | null) => (point: Point) => ({
  ...point,
  ttftMs: { ...point.ttftMs, withFailures: { ...point.ttftMs.withFailures, p95: value } },
});
const throughput = (value: number | null, throughputIsLowerBound: boolean) => (point: Point) => ({
  ...point,
  outputTokensPerSecond: { value, ci: [null, null] as const },
  throughputIsLowerBound,
});
const withErrors = (share: number) => (point: Point) =>
  failing(point, share, [{ outcome: 'http_error', message: '500', count: 1 }]);

describe('a condition held against a report', () => {
  const cases: readonly {
    readonly text: string;
    readonly report: Report;
    readonly says: RegExp | null;
    readonly why: string;
  }[] = [
    { text: 'ttft.p95@8>500', report: at8(p95(500)), says: null, why: 'the limit itself is not above it' },
    { text: 'ttft.p95@8>=500', report: at8(p95(500)), says: /is 500 ms, limit 500 ms/, why: 'but reaches it' },
    {
      text: 'ttft.p95@8>500',
      report: at8(p95(500.0625)),
      says: /^ttft\.p95@8>500 holds: TTFT p95 at level 8 is 500\.063 ms, limit 500 ms$/,
      why: 'a hair above reads like one',
    },
    { text: 'throughput@8<100', report: at8(throughput(100, false)), says: null, why: 'not below' },
    {
      text: 'throughput@8<=1200',
      report: at8(throughput(1200, false)),
      says: /throughput at level 8 is 1,200 tokens\/s, limit 1,200 tokens\/s/,
      why: 'throughput fails by being low',
    },
    {
      text: 'ttft.p99@8>1',
      report: at8((point) => ({
        ...point,
        ttftMs: { ...point.ttftMs, samples: 100, p99: null, withFailures: { ...point.ttftMs.withFailures, p99: null } },
      })),
      says: /can't be judged: at level 8 too few samples: p99 needs 500, there were 100/,
      why: 'a gate that lets through what it could not see is none',
    },
    {
      text: 'ttft.p95@8>1',
      report: at8((point) =>
        judged(point, 'void', [{ name: 'load_not_held', state: 'void', measured: 0.5, limit: 0.8 }]),
      ),
      says: /can't be judged: at level 8 nothing can be believed \(void: load_not_held\)/,
      why: 'a void figure tells nothing, even where it is above the limit',
    },
    {
      text: 'ttft.p95@8>1',
      report: at8((point) =>
        judged(point, 'suspect', [{ name: 'send_lag', state: 'suspect', measured: 12, limit: 10 }]),
      ),
      says: /holds: .*; the level is suspect \(send_lag\)/,
      why: 'a suspect figure counts, and the doubt is told',
    },
    {
      text: 'ttft.p95@64>1',
      report: { ...base, ended: { reason: 'plateau', detail: null } },
      says: /can't be judged: level 64 was not measured \(the sweep ended: plateau\)/,
      why: 'the sweep ended before it',
    },
    {
      text: 'ttft.p95@64>1',
      report: { ...base, ended: null },
      says: /can't be judged: level 64 was not measured yet/,
      why: 'the level is still to come',
    },
    {
      text: 'ttft.p95>1000000',
      report: { ...base, ended: null },
      says: /can't be judged: the sweep still runs/,
      why: 'a level to come may hold it',
    },
    {
      text: 'errors>0.01',
      report: { ...base, points: [] },
      says: /can't be judged: no level was measured/,
      why: 'nothing is not everything well',
    },
    {
      text: 'ttft.p95@8>100000',
      report: at8(withErrors(0.06)),
      says: /holds: TTFT p95 at level 8 is among the requests that failed, limit 100,000 ms/,
      why: 'requests that failed were never answered, as in an SLO',
    },
    { text: 'latency.p95@8<1', report: at8(withErrors(0.06)), says: null, why: 'and not answered quickly' },
    {
      text: 'errors@8>0.05',
      report: at8((point) => ({ ...point, errorShare: 0.0625 })),
      says: /errors at level 8 is 6\.25 %, limit 5 %/,
      why: 'shares read as per cent',
    },
    {
      text: 'errors@8>0.05',
      report: at8((point) => ({ ...point, errorShare: null })),
      says: /can't be judged: at level 8 no request was due in the window/,
      why: 'a share of nothing',
    },
    {
      text: 'goodput@8<0.9',
      report: base,
      says: /can't be judged: .* no slo\.perRequest/,
      why: 'nothing says what is good',
    },
    {
      text: 'goodput@8<1',
      report: withSlo(base, { perRequest: { ttft: '10ms' } }),
      says: /good requests at level 8 is .* %, limit 100 %/,
      why: 'the share of good requests',
    },
    {
      text: 'throughput@8<100',
      report: at8(throughput(90, true)),
      says: /can't be judged: throughput at level 8 is at least 90 tokens\/s, limit 100 tokens\/s/,
      why: 'what is uncounted may lift it above',
    },
    { text: 'throughput@8<100', report: at8(throughput(120, true)), says: null, why: 'at least that is enough' },
    {
      text: 'throughput@8>100',
      report: at8(throughput(120, true)),
      says: / holds: /,
      why: 'at least that is too much',
    },
    {
      text: 'throughput@8>100',
      report: at8(throughput(90, true)),
      says: /can't be judged/,
      why: 'what is uncounted may be too much',
    },
    {
      text: 'throughput@8<1',
      report: at8(throughput(null, false)),
      says: /can't be judged: at level 8 the endpoint sent no count of tokens/,
      why: 'tokens unknown',
    },
    { text: 'tpot.mean@8>100000', report: base, says: null, why: 'a mean of the answers that ended ok' },
    { text: 'requests@8>0', report: base, says: /requests at level 8 is .* requests\/s/, why: 'a rate' },
    { text: 'totalThroughput@8<1', report: base, says: null, why: 'prompts counted in' },
  ];
  for (const { text, report, says, why } of cases) {
    test(`${text}: ${why}`, () => {
      const failed = judge(report, text);
      assert.equal(failed.length, says === null ? 0 : 1, JSON.stringify(failed));
      if (says !== null) assert.match(failed[0]?.text ?? '', says);
      assert.equal(failed[0]?.outcome ?? 'holds', /can't be judged/.test(failed[0]?.text ?? '') ? 'unjudged' : 'holds');
    });
  }

  test('without a level every level is judged, each that fails in a line of its own', () => {
    const report = withLevel(at8(p95(900)), 32, p95(1100));
    const slow = judge(withLevel(report, 16, p95(100)), 'ttft.p95>500');
    assert.deepEqual(
      slow.map(({ level, measured, limit, outcome }) => [level, measured, limit, outcome]),
      [
        [8, 900, 500, 'holds'],
        [32, 1100, 500, 'holds'],
      ],
    );
  });

  test('several conditions are all told', () => {
    const failed = judge(at8(p95(900)), 'ttft.p95@8>500', 'errors>0.5', 'ttft.p95@64>1');
    assert.deepEqual(
      failed.map(({ condition, outcome }) => [condition, outcome]),
      [
        ['ttft.p95@8>500', 'holds'],
        ['ttft.p95@64>1', 'unjudged'],
      ],
    );
  });
});
