import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchesIn } from '../../lib/curve/interval.ts';
import { isShown, percents } from '../../lib/curve/quantile.ts';
import { scaleLatency, stageTimes } from '../../lib/plan/stage-times.ts';
import { formatDuration } from '../../lib/spec/duration.ts';
import { metricsOf } from '../../lib/timing/metrics.ts';
import { sampleSpec } from '../plan/sample-plan.ts';
import { doc, table } from './markdown.ts';

const page = doc('metrics.md');
const numberIn = (pattern: RegExp) => Number(pattern.exec(page)?.[1]);

const auto = {
  load: sampleSpec().load,
  stage: { warmUp: 'auto', measure: 'auto', drain: 'auto' },
  deadlines: { connect: 10_000, firstToken: 60_000, idle: 30_000, total: 300_000 },
} as const;

describe('docs/metrics.md', () => {
  it('works its example of one request out as the code does', () => {
    const stamp = (name: string) => 1000 * numberIn(new RegExp(`in ms:.*?\\b${name} (\\d+)`));
    const metrics = metricsOf({
      dueUs: stamp('due'),
      sentUs: stamp('sent'),
      headersUs: null,
      firstEventUs: null,
      firstTokenUs: stamp('t1'),
      firstVisibleTokenUs: stamp('t1'),
      lastTokenUs: stamp('tn'),
      endUs: stamp('end'),
      settledUs: stamp('end'),
      streamed: true,
      buffered: false,
      streamedTokens: numberIn(/with n = (\d+)/),
      tokenReads: 5,
    });
    const { ttftMs, tpotMs, latencyMs, latencyFromDueMs, tokensPerSecondPerUser } = metrics;
    assert.deepEqual(
      table(page.slice(page.indexOf('An example with n')), 'metric').map(([, value]) => Number(value)),
      [ttftMs, tpotMs, latencyMs, latencyFromDueMs, tokensPerSecondPerUser],
    );
  });

  it('works its example of automatic times out as the code does', () => {
    const [, level, p50, p95] = /After level (\d+) with a p50 of (\d+) s and a p95 of (\d+) s/.exec(page) ?? [];
    const seen = { level: Number(level), p50Ms: Number(p50) * 1000, p95Ms: Number(p95) * 1000 };
    const rows = table(page, 'level').map(([to]) => {
      const times = stageTimes(auto, { level: Number(to), pass: null }, scaleLatency(seen, Number(to)));
      return [to, ...[times.warmUpMs, times.windowMs, times.drainMs].map((ms) => formatDuration(ms ?? 0))];
    });
    assert.ok(rows.length > 2);
    assert.deepEqual(table(page, 'level'), rows);
  });

  it('tells the bounds of automatic times', () => {
    const first = { level: 1, pass: null };
    const shortest = stageTimes(auto, first, { p50Ms: 1, p95Ms: 1 });
    const longest = stageTimes(auto, first, { p50Ms: 1e9, p95Ms: 1e9 });
    const seconds = (ms: number | null) => (ms ?? 0) / 1000;
    for (const line of [
      `warm-up = 2 × p95, from ${seconds(shortest.warmUpMs)} s to ${seconds(longest.warmUpMs)} s`,
      `from ${seconds(shortest.windowMs)} s to ${seconds(longest.windowMs)} s\n- drain`,
      `drain = max(${seconds(shortest.drainMs)} s, 3 × p95), at most the total deadline`,
    ]) {
      assert.ok(page.includes(line), line);
    }
    assert.equal(longest.drainMs, auto.deadlines.total);
  });

  it('tells from how many samples on a percentile is given', () => {
    const least = percents.map((percent) => {
      let samples = 0;
      while (!isShown(percent, samples)) samples += 1;
      return samples;
    });
    assert.ok(page.includes(`5 ÷ (1 − p) samples on: ${least.slice(0, -1).join(', ')} and ${least.at(-1)}.`));
  });

  it('tells from how many latencies on there are intervals', () => {
    const [, slices, latencies, fewer, least] =
      /cut into (\d+) equal slices when it is at least (\d+) p50 latencies long, (\d+) from (\d+) latencies on/.exec(
        page,
      ) ?? [];
    assert.equal(batchesIn(Number(latencies), 1), Number(slices));
    assert.equal(batchesIn(Number(latencies) - 0.1, 1), Number(fewer));
    assert.equal(batchesIn(Number(least), 1), Number(fewer));
    assert.equal(batchesIn(Number(least) - 0.1, 1), null);
  });
});
