import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latencyByFormula, latencyFormula, otherAnswers } from '../../../lib/report/guidance/latency-formula.ts';
import { sampleReport } from '../sample-report.ts';
import { sample, textOf, viewOf, withAll, without } from './view-of.ts';

describe('latency = TTFT + TPOT × (n − 1)', () => {
  it('one token is TTFT alone; a hundred take 99 TPOT more', () => {
    assert.equal(latencyByFormula({ ttftMs: 200, tpotMs: 10 }, 1), 200);
    assert.equal(latencyByFormula({ ttftMs: 200, tpotMs: 10 }, 100), 1190);
  });

  it('medians of the answer’s level beside the measured one, and why n − 1', () => {
    const text = textOf(latencyFormula(viewOf(sampleReport()), null)) ?? '';
    assert.match(
      text,
      /^At 32 parallel requests, .*: 359 ms \+ 13\.1 ms × \(256 − 1\) ≈ 3\.70 s; measured p50: 3\.63 s\./,
    );
    assert.match(text, /Databricks’ page writes × n; the first token is in TTFT already/);
  });

  it('answers of 100, 500 and 1,000 tokens, as an extrapolation', () => {
    const text = textOf(otherAnswers(viewOf(sampleReport()), null)) ?? '';
    assert.match(text, /1\.66 s for 100 tokens, 6\.90 s for 500 tokens and 13\.5 s for 1,000 tokens\./);
    assert.match(text, /extrapolated .*; it was not measured\.$/);
  });

  it('where the answer’s level lacks a term, the lowest that has all of them', () => {
    const report = withAll((point) => (point.level > 4 || point.level === 1 ? without(point, 'tpotMs') : point));
    assert.match(textOf(otherAnswers(viewOf(report), null)) ?? '', /at 2 parallel requests would/);
  });

  const silent: { why: string; name: string }[] = [
    { why: 'not streamed, there is no TTFT', name: 'not-streamed' },
    { why: 'tokens unknown, there is no TPOT', name: 'unknown-tokens' },
    { why: 'no level can be believed', name: 'all-failed' },
  ];
  for (const { why, name } of silent) {
    it(`is left out: ${why}`, () => {
      const view = viewOf(sample(name));
      assert.deepEqual([latencyFormula(view, null), otherAnswers(view, null)], [null, null]);
    });
  }

  it('is not held against medians when reasoning is counted but not streamed, for then n is not known', () => {
    const { probe } = sampleReport();
    assert.ok(probe);
    assert.equal(latencyFormula(viewOf(sampleReport()), { ...probe, reasoning: 'hidden' }), null);
    assert.ok(latencyFormula(viewOf(sampleReport()), { ...probe, reasoning: 'visible' }));
  });
});
