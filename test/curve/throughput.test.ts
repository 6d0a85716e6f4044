import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { arrivalsOf, throughputOf } from '../../lib/curve/throughput.ts';
import { windowOf } from '../../lib/curve/window.ts';
import type { RequestRecord } from '../../lib/record/request-record.ts';
import { stageColumnsOf } from '../../lib/record/stage-columns.ts';
import { request } from '../record/request.ts';
import { sample, sampleStage } from './sample-stage.ts';

/** Twenty seconds from the stage's start on, as the plain request expects. */
const window = windowOf({ warmUpMs: 0, windowMs: 20_000 });

const of = (...records: RequestRecord[]) => throughputOf([arrivalsOf(stageColumnsOf(records), window, 20)]);

/** Every token of every answer, one by one: how many came in the window. */
function tokensInWindow(records: readonly RequestRecord[], fromUs: number, toUs: number): number {
  let count = 0;
  for (const { firstTokenUs, tokenGapsUs, streamedTokens, tokenEvents } of records) {
    let atUs = firstTokenUs ?? Number.NaN;
    for (const gapUs of [0, ...tokenGapsUs]) {
      atUs += gapUs;
      if (atUs >= fromUs && atUs < toUs) count += (streamedTokens ?? 0) / tokenEvents;
    }
  }
  return count;
}

describe('throughput', () => {
  it('counts output tokens at their stamps, input tokens at the first, requests at their end', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { stage, records } = sample({
          seed: String(seed),
          design: { level: 3, windowMs: 4000 },
          failureShare: 0.1,
        });
        const [fromUs, toUs] = [stage.warmUpMs * 1000, (stage.warmUpMs + (stage.windowMs ?? 0)) * 1000];
        const isIn = (us: number | null) => us !== null && us >= fromUs && us < toUs;
        const output = tokensInWindow(records, fromUs, toUs);
        const inputs = records
          .filter(({ firstTokenUs }) => isIn(firstTokenUs))
          .map(({ inputTokens }) => inputTokens ?? 0);
        const total = output + inputs.reduce((sum, tokens) => sum + tokens, 0);
        const ended = records.filter(({ outcome, endUs }) => outcome === 'ok' && isIn(endUs)).length;
        const found = throughputOf([arrivalsOf(stageColumnsOf(records), windowOf(stage), null)]);
        const near = (rate: { value: number | null }, count: number) =>
          assert.ok(Math.abs((rate.value ?? Number.NaN) * 4 - count) < 1e-6, `${rate.value} × 4 s, not ${count}`);
        near(found.outputTokensPerSecond, output);
        near(found.totalTokensPerSecond, total);
        near(found.requestsPerSecond, ended);
      }),
      { numRuns: 30 },
    );
  });

  it('counts an answer that was not streamed at its end', () => {
    const whole = { streamed: false, firstTokenUs: null, firstVisibleTokenUs: null, lastTokenUs: null, tokenEvents: 0 };
    const inWindow = of(request({ ...whole, endUs: 19_999_999, settledUs: 19_999_999 }));
    assert.deepEqual(inWindow.totalTokensPerSecond.value, (4 + 100) / 20);
    const after = of(
      request({ ...whole, endUs: 2e7, settledUs: 2e7, windowTokens: 0, windowTokensBySlice: new Array(20).fill(0) }),
    );
    assert.deepEqual([after.totalTokensPerSecond.value, after.requestsPerSecond.value], [0, 0]);
  });

  it('takes the window as [start, end)', () => {
    const ended = (endUs: number) => of(request({ endUs, settledUs: endUs })).requestsPerSecond.value;
    assert.deepEqual([ended(19_999_999), ended(20_000_000)], [0.05, 0]);
  });

  it('counts no request that ended in an error', () => {
    assert.equal(of(request({ outcome: 'stream_error' })).requestsPerSecond.value, 0);
  });

  const unknown = { streamedTokens: null, outputTokens: null, windowTokens: null, windowTokensBySlice: null } as const;

  it('leaves answers with an unknown number of tokens out and is then a lower bound', () => {
    const { outputTokensPerSecond, isLowerBound } = of(request({}), request(unknown));
    assert.deepEqual([outputTokensPerSecond.value, isLowerBound], [0.2, true]);
  });

  it('is null when no answer says how many tokens it had, and requests are counted still', () => {
    const { outputTokensPerSecond, totalTokensPerSecond, requestsPerSecond } = of(request(unknown));
    assert.deepEqual(
      [outputTokensPerSecond.value, totalTokensPerSecond.value, requestsPerSecond.value],
      [null, null, 0.05],
    );
    assert.deepEqual(outputTokensPerSecond.ci, [null, null]);
  });

  it('has no total when no answer says how long its prompt was', () => {
    const { outputTokensPerSecond, totalTokensPerSecond } = of(request({ inputTokens: null }));
    assert.deepEqual([outputTokensPerSecond.value, totalTokensPerSecond.value], [0.2, null]);
  });

  it('is 0 when every request failed, and null when there were none', () => {
    const refused = {
      outcome: 'http_error',
      firstTokenUs: null,
      firstVisibleTokenUs: null,
      lastTokenUs: null,
    } as const;
    const failed = of(request({ ...unknown, ...refused, inputTokens: null, tokenEvents: 0 }));
    assert.deepEqual(
      [failed.outputTokensPerSecond.value, failed.totalTokensPerSecond.value, failed.isLowerBound],
      [0, 0, false],
    );
    const none = of();
    assert.deepEqual([none.outputTokensPerSecond.value, none.requestsPerSecond.value], [null, null]);
  });

  it('gives no interval when the slices are missing, instead of one around 0', () => {
    const { outputTokensPerSecond } = of(request({ windowTokensBySlice: null }));
    assert.deepEqual(outputTokensPerSecond, { value: 0.2, ci: [null, null] });
  });

  it('has the mean of its slices in the middle of its interval', () => {
    const { stage, records } = sample({ design: { level: 4 } });
    const { value, ci } = throughputOf([
      arrivalsOf(stageColumnsOf(records), windowOf(stage), 10),
    ]).outputTokensPerSecond;
    assert.ok(Math.abs(((ci[0] ?? 0) + (ci[1] ?? 0)) / 2 - (value ?? 0)) < 1e-6);
  });
});

it('the window of a stage begins after its warm-up', () => {
  assert.deepEqual(windowOf(sampleStage()), { startUs: 2_000_000, endUs: 22_000_000, seconds: 20 });
});
