import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { closedForm, closedFormKnee, type Lengths } from '../../lib/mock/closed-form.ts';
import { mockEngine } from '../../lib/mock/engine.ts';
import { provisionedServer, type QueueModel } from '../../lib/mock/queue-model.ts';
import { virtualClock } from '../timing/virtual-clock.ts';
import { startClosedLoop } from './closed-loop.ts';

const model: QueueModel = {
  slots: 8,
  queueLimit: null,
  prefillBaseMs: 13,
  prefillPerTokenMs: 0.11,
  stepBaseMs: 7,
  stepPerSlotMs: 0.9,
  jitter: 0,
};
const shortLengths = { inputTokens: 100, outputTokens: 20 };
const lengths = shortLengths;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function assertNear(actual: number, expected: number, share: number, what: string): void {
  const off = Math.abs(actual / expected - 1);
  assert.ok(off <= share, `${what}: ${actual} is ${(100 * off).toFixed(3)} % off ${expected}`);
}

interface Held {
  readonly model: QueueModel;
  readonly latencies: number;
  readonly seed?: number;
  readonly lengths?: Lengths;
}

async function hold(level: number, held: Held) {
  const { lengths = shortLengths } = held;
  const clock = virtualClock();
  const engine = mockEngine({ clock, model: held.model, seed: held.seed ?? 1 });
  const latencyUs = closedForm(held.model, lengths, level).latencyMs * 1000;
  const windowStartsUs = clock.nowUs() + Math.round(4 * latencyUs);
  const windowUs = Math.round(held.latencies * latencyUs);
  const windowEndsUs = windowStartsUs + windowUs;
  const seen = startClosedLoop({ clock, engine, lengths, level, spreadUs: latencyUs, windowStartsUs, windowEndsUs });
  await clock.run();
  return { ...seen, tokensPerSecond: (seen.tokens * 1e6) / windowUs };
}

describe('throughput is min(L, B) × n ÷ (P + (n − 1) × s), and latency grows by the queue', () => {
  // By hand: P = 13 + 0.11 × 100 = 24 ms; s = 7 + 0.9 m; service = 24 + 19 s.
  const rows = [
    { level: 1, why: 'alone', serviceMs: 174.1, perSecond: (1 * 20_000) / 174.1, latencyMs: 174.1 },
    { level: 4, why: 'half full', serviceMs: 225.4, perSecond: (4 * 20_000) / 225.4, latencyMs: 225.4 },
    { level: 8, why: 'full', serviceMs: 293.8, perSecond: (8 * 20_000) / 293.8, latencyMs: 293.8 },
    { level: 12, why: 'half as many wait', serviceMs: 293.8, perSecond: (8 * 20_000) / 293.8, latencyMs: 440.7 },
    { level: 16, why: 'as many wait', serviceMs: 293.8, perSecond: (8 * 20_000) / 293.8, latencyMs: 587.6 },
    {
      level: 32,
      why: 'three times as many wait',
      serviceMs: 293.8,
      perSecond: (8 * 20_000) / 293.8,
      latencyMs: 1175.2,
    },
  ];
  for (const row of rows) {
    test(`level ${row.level}: ${row.why}`, async () => {
      const formula = closedForm(model, lengths, row.level);
      assertNear(formula.outputTokensPerSecond, row.perSecond, 1e-12, 'formula throughput');
      assertNear(formula.latencyMs, row.latencyMs, 1e-12, 'formula latency');
      assertNear(formula.ttftMs, row.latencyMs - row.serviceMs + 24, 1e-12, 'formula ttft');
      assertNear(formula.tpotMs ?? 0, 7 + 0.9 * Math.min(row.level, 8), 1e-12, 'formula tpot');
      assertNear(formula.requestsPerSecond * 20, row.perSecond, 1e-12, 'formula requests');

      const seen = await hold(row.level, { model, latencies: 12 });
      assertNear(seen.tokensPerSecond, row.perSecond, 0.005, 'throughput');
      assertNear(mean(seen.latencyMs), row.latencyMs, 0.005, 'latency');
      assertNear(mean(seen.ttftMs), formula.ttftMs, 0.005, 'ttft');
      assertNear(mean(seen.tpotMs), formula.tpotMs ?? 0, 0.005, 'tpot');
    });
  }
});

test('where slots divide the level, each single request shows the closed form', async () => {
  for (const level of [3, 16]) {
    const formula = closedForm(model, lengths, level);
    const { latencyMs, tpotMs } = await hold(level, { model, latencies: 5 });
    for (const latency of latencyMs) assertNear(latency, formula.latencyMs, 0.005, 'latency');
    for (const tpot of tpotMs) assertNear(tpot, formula.tpotMs ?? 0, 0.005, 'tpot');
  }
});

test('jitter has mean 1: it widens the times and leaves the means', async () => {
  for (const level of [4, 16]) {
    const formula = closedForm(model, lengths, level);
    const seen = await hold(level, { model: { ...model, jitter: 0.4 }, latencies: 60 });
    assertNear(seen.tokensPerSecond, formula.outputTokensPerSecond, 0.03, 'throughput');
    assertNear(mean(seen.latencyMs), formula.latencyMs, 0.03, 'latency');
    assertNear(mean(seen.tpotMs), formula.tpotMs ?? 0, 0.03, 'tpot');
    assert.ok(Math.max(...seen.tpotMs) > 1.1 * Math.min(...seen.tpotMs));
  }
});

test('the knee is the smallest level within 10 % of the plateau', () => {
  const throughput = (level: number) => closedForm(model, lengths, level).outputTokensPerSecond;
  const knee = closedFormKnee(model, lengths);
  assert.ok(throughput(knee) >= throughput(100) / 1.1);
  assert.ok(throughput(knee - 1) < throughput(100) / 1.1);
  assert.equal(closedFormKnee(model, lengths, 0), 8);
  assert.equal(closedFormKnee({ ...model, slots: 1 }, lengths), 1);
});

test('an answer of one token has no time per token', () => {
  const point = closedForm(model, { inputTokens: 100, outputTokens: 1 }, 4);
  assert.equal(point.tpotMs, null);
  assert.equal(point.latencyMs, 24);
  assertNear(point.outputTokensPerSecond, 4000 / 24, 1e-12, 'throughput');
});

describe('replicas share the queue, and their throughputs add up', () => {
  const provisioned: QueueModel = { ...provisionedServer, jitter: 0 };
  const longLengths = { inputTokens: 2048, outputTokens: 256 };

  // By hand: P = 40 + 0.125 × 2048 = 296 ms; s = 4.4 + 0.85 m; with four of four slots S = 296 + 255 × 7.8 = 2285 ms.
  const rows = [
    { level: 1, why: 'one replica, alone', perSecond: 2_304_000 / 1634.75, latencyMs: 1634.75, share: 0.005 },
    { level: 2, why: 'each alone', perSecond: 2 * (2_304_000 / 1634.75), latencyMs: 1634.75, share: 0.005 },
    { level: 3, why: 'two and one', perSecond: 2_304_000 * (2 / 1851.5 + 1 / 1634.75), latencyMs: 1773.2, share: 0.02 },
    { level: 8, why: 'full', perSecond: 8 * (2_304_000 / 2285), latencyMs: 2285, share: 0.005 },
    { level: 16, why: 'as many wait', perSecond: 8 * (2_304_000 / 2285), latencyMs: 4570, share: 0.005 },
  ];
  for (const { level, why, perSecond, latencyMs, share } of rows) {
    test(`level ${level}: ${why}`, async () => {
      const formula = closedForm(provisioned, longLengths, level);
      assertNear(formula.requestsPerSecond * 2304, perSecond, 1e-9, 'formula throughput');
      assertNear(formula.latencyMs, latencyMs, 1e-4, 'formula latency');
      const seen = await hold(level, { model: provisioned, latencies: 5, lengths: longLengths });
      assertNear((seen.tokensPerSecond * 2304) / 256, perSecond, share, 'throughput');
      assertNear(mean(seen.latencyMs), latencyMs, share, 'latency');
      assertNear(mean(seen.ttftMs), formula.ttftMs, 2 * share, 'ttft');
      assertNear(mean(seen.tpotMs), formula.tpotMs ?? 0, share, 'tpot');
    });
  }

  test('the provisioned profile plateaus at about 8,000 tokens a second, input and output', () => {
    const total = (level: number) => closedForm(provisionedServer, longLengths, level).requestsPerSecond * 2304;
    assert.equal(Math.round(total(8)), 8067);
    assertNear(total(64), total(8), 1e-12, 'more load only waits');
    assert.ok(total(4) < 0.7 * total(8), 'and less of it gains');
    assert.equal(closedFormKnee(provisionedServer, longLengths), 7, 'one stream less costs less than 10 %');
  });
});
