import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prefill } from '../../../lib/report/guidance/prefill.ts';
import { sampleReport } from '../sample-report.ts';
import { sample, textOf, viewOf, withAll, without } from './view-of.ts';

const textFor = (name: string) => textOf(prefill(viewOf(sample(name)), null)) ?? '';

describe('prefill and decode', () => {
  it('TTFT ÷ latency at the lowest level and at the answer’s, and what waiting adds', () => {
    const text = textFor('done');
    assert.match(text, /At 1 parallel request TTFT \(p50\) is 74\.5 ms, 5\.6 % of the latency of 1\.33 s;/);
    assert.match(text, /the rest is decode, 4\.94 ms a token\./);
    assert.match(text, /At 32 it is 359 ms, 9\.9 % of the latency of 3\.63 s: .* the 285 ms more are waiting/);
    assert.deepEqual(prefill(viewOf(sampleReport()), null)?.levels, [1, 32]);
  });

  it('with an SLO the answer’s level is the highest that meets it', () => {
    assert.match(textFor('slo-met'), /At 16 it is 169 ms/);
  });

  it('a single level is compared with nothing', () => {
    assert.match(textFor('one-level'), /At 8 parallel requests TTFT .* a token\.$/);
  });

  it('a TTFT that hardly grows is no waiting', () => {
    const report = withAll((point) => ({ ...point, ttftMs: { ...point.ttftMs, p50: 70 + point.level / 32 } }));
    assert.match(textOf(prefill(viewOf(report), null)) ?? '', /At 32 it is 71\.0 ms, 2 % of the latency of 3\.63 s\.$/);
  });

  it('without TTFT it says why, without TPOT only how much is decode', () => {
    assert.equal(
      textFor('not-streamed'),
      'How much of latency prefill and decode make up can’t be told: the answers were not streamed, or came all at once.',
    );
    assert.match(textFor('unknown-tokens'), /5\.6 % of the latency of 1\.33 s; the rest is decode\.$/);
    const noTtft = withAll((point) => without(point, 'ttftMs'));
    assert.match(textOf(prefill(viewOf(noTtft), null)) ?? '', /can’t be told: the answers were not streamed/);
  });

  it('reasoning that does not stream lies within TTFT', () => {
    const { probe } = sampleReport();
    assert.ok(probe);
    const text = textOf(prefill(viewOf(sampleReport()), { ...probe, reasoning: 'hidden' }));
    assert.match(text ?? '', /TTFT here holds the reasoning too/);
  });
});
