import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latencyBudget } from '../../../lib/report/guidance/latency-budget.ts';
import { sampleReport } from '../sample-report.ts';
import { withSlo } from '../slo-sample.ts';
import { sample, textOf, viewOf } from './view-of.ts';

function textFor(name: string): string {
  const report = sample(name);
  return textOf(latencyBudget(viewOf(report), report.spec.slo)) ?? '';
}

describe('the latency budget', () => {
  it('the highest level that meets the SLO, or why there is none', () => {
    assert.match(textFor('slo-met'), /Up to 16 parallel requests meet the SLO, with 1,774 output tokens\/s/);
    assert.match(textFor('slo-missed'), /No level meets the SLO: at 1 parallel request, latency p95 was 1\.51 s/);
    assert.match(textFor('slo-undecided'), /Whether a level meets the SLO is undecided/);
  });

  it('without an SLO latencies to choose from, and nothing that sounds like a verdict', () => {
    const text = textFor('done');
    assert.match(
      text,
      /This sweep names none; .* Latency was 1\.51 s \(p95\) at 1 parallel request and 4\.21 s \(p95\) at 32\.$/,
    );
    assert.doesNotMatch(text, /meet|SLO/);
  });

  it('too few answers for p95: the median, by its name', () => {
    const report = sampleReport({ cell: { inputTokens: 8192, outputTokens: 1024 }, levels: [1, 2, 4] });
    assert.match(textOf(latencyBudget(viewOf(report), null)) ?? '', /5\.32 s \(p50\) at 1 parallel request/);
  });

  it('bounds on single requests alone: the level with the most good requests', () => {
    assert.match(textFor('goodput'), /6\.93 a second, came at 16 parallel requests, where 100 % of them did\.$/);
    const none = withSlo(sampleReport(), { perRequest: { latency: '1ms' } });
    assert.match(textOf(latencyBudget(viewOf(none), none.spec.slo)) ?? '', /No request kept the bounds/);
  });

  it('no level that can be believed has nothing to say', () => assert.equal(textFor('all-failed'), ''));
});
