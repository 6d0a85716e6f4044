import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ended } from '../../lib/plan/ended.ts';
import { exitCodeOf, summaryOf } from '../../lib/report/summary.ts';
import { judged, sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

test('exitCodeOf tells scripts how the sweep ended', async (t) => {
  const cases: readonly (readonly [Ended['reason'], number])[] = [
    ['done', 0],
    ['plateau', 0],
    ['slo', 0],
    ['probe_failed', 3],
    ['error_rate', 4],
    ['void', 4],
    ['budget', 4],
    ['failed', 4],
    ['stopped', 130],
  ];
  for (const [reason, expected] of cases) {
    await t.test(reason, () =>
      assert.equal(exitCodeOf({ ...sampleReport(), ended: { reason, detail: null } }), expected),
    );
  }
});

test('a sweep that is done without a level to believe is no success', () => {
  const report = sampleReport();
  assert.equal(exitCodeOf({ ...report, points: report.points.map((point) => judged(point, 'void', [])) }), 4);
  assert.equal(exitCodeOf({ ...report, points: [] }), 4);
});

test('a sweep that runs has no exit code yet', () =>
  assert.equal(exitCodeOf({ ...sampleReport(), ended: null }), null));

test('the summary holds the answers of each curve and the worst validity', () => {
  const summary = summaryOf(variants['troubled']?.() ?? sampleReport());
  assert.equal(summary.schema, 'paretoken.summary.v1');
  assert.equal(summary.worstValidity, 'void');
  assert.deepEqual(summary.curves[0]?.answers, {
    lowLatency: 1,
    balanced: null,
    highThroughput: 32,
    sloGiven: false,
    highestMet: null,
  });
  assert.equal(summaryOf(sampleReport({ levels: [32] })).worstValidity, 'ok');
  assert.equal(summaryOf({ ...sampleReport(), points: [] }).worstValidity, null);
});
