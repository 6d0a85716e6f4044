import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { queueing } from '../../../lib/report/guidance/queueing.ts';
import type { Report } from '../../../lib/report/report.ts';
import { judged, sampleReport, withLevel } from '../sample-report.ts';
import { sample, textOf, viewOf, withAll, without } from './view-of.ts';

const textFor = (report: Report) => textOf(queueing(viewOf(report))) ?? '';

describe('where more requests only wait', () => {
  it('throughput and latency from the knee to the highest level, and Little’s law', () => {
    assert.equal(
      textFor(sample('done')),
      'From 32 to 64 parallel requests, 2 times the load, throughput rose by 9 % and latency (p50) rose by 88 %. Above 32 more requests buy little: they mostly wait. Once throughput no longer rises, latency grows in proportion to the requests in flight (Little’s law).',
    );
    assert.match(textFor(sample('many-levels')), /6\.5 times the load, .* latency \(p50\) rose 6-fold\./);
  });

  it('a throughput that falls beyond the knee falls', () => {
    const report = withLevel(sampleReport(), 64, (point) => ({
      ...point,
      outputTokensPerSecond: { value: 2000, ci: [null, null] },
    }));
    assert.match(textFor(report), /throughput fell by 10 % and latency \(p50\) rose by 88 %/);
  });

  it('not reached while throughput rises', () => {
    assert.match(textFor(sample('still-rising')), /^That was not reached: from 4 to 8 .*, the highest level measured,/);
    assert.match(textFor(sample('running')), /the highest level so far,/);
    assert.match(
      textFor(sample('troubled')),
      /from 16 to 32 parallel requests, the highest level that can be believed,/,
    );
  });

  it('the knee at the top: what lies above was not measured', () => {
    const report = withAll((point) => ({
      ...point,
      outputTokensPerSecond: { value: point.level < 64 ? 100 : 112, ci: [null, null] },
    }));
    const top = withLevel(report, 32, (point) => judged(point, 'void', []));
    const text = textFor(withLevel(top, 16, (point) => judged(point, 'void', [])));
    assert.match(text, /^64 parallel requests, the highest level measured, gave the most throughput: whether more/);
  });

  it('without latency throughput stands alone', () => {
    const report = withAll((point) => without(point, 'latencyMs'));
    assert.match(textFor(report), /2 times the load, throughput rose by 9 %\. Above 32/);
  });

  it('says why it can’t be told', () => {
    assert.match(textFor(sample('one-level')), /can’t be told: that takes at least two levels that can be believed\.$/);
    assert.match(textFor(sample('unknown-tokens')), /can’t be told: without a count of tokens/);
    assert.equal(queueing(viewOf(sample('all-failed'))), null);
  });
});
