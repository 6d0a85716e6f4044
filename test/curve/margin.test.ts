import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { p95MarginOf, p95MarginsOf, withPrecision } from '../../lib/curve/margin.ts';
import { noteText } from '../../lib/report/note-texts.ts';
import { samplePoint } from './sample-point.ts';

const known = {
  p50: null,
  p90: null,
  p95: 200,
  p99: null,
  mean: 100,
  max: 300,
  samples: 400,
  quantiles: null,
} as const;
const withFailures = { p50: null, p90: null, p95: null, p99: null } as const;
const none = [null, null] as const;
const distribution = (p95: number | null, ci: readonly [number | null, number | null]) => ({
  ...known,
  p95,
  ci: { p50: none, p90: none, p95: ci, p99: none },
  withFailures,
});

describe('the margin of p95 is half the width of its 95 % interval ÷ p95', () => {
  const cases = [
    { why: 'both ends known', p95: 200, ci: [190, 214], is: 0.06 },
    { why: 'no width at all', p95: 200, ci: [200, 200], is: 0 },
    { why: 'no lower end', p95: 200, ci: [null, 214], is: null },
    { why: 'no upper end', p95: 200, ci: [190, null], is: null },
    { why: 'too few samples for p95', p95: null, ci: [190, 214], is: null },
    { why: 'nothing to be a share of', p95: 0, ci: [0, 0], is: null },
  ] as const;
  for (const { why, p95, ci, is } of cases) {
    it(why, () => assert.equal(p95MarginOf(distribution(p95, ci)), is));
  }
  it('of latency, TTFT and TPOT each its own', () => {
    const point = {
      latencyMs: distribution(100, [99, 101]),
      ttftMs: distribution(100, [98, 102]),
      tpotMs: distribution(100, [null, 1]),
    };
    assert.deepEqual(p95MarginsOf(point), { latency: 0.01, ttft: 0.02, tpot: null });
  });
});

describe('a point of the curve notes a p95 that is not as precise as asked', () => {
  const wanted = { of: 'ttft', within: 0.05, most: 5 } as const;
  const point = (ttftMs: ReturnType<typeof distribution>, state: 'ok' | 'void' = 'ok') => ({
    ...samplePoint({ level: 4 }),
    ttftMs,
    notes: [],
    validity: { state, reasons: [] },
  });
  const notes = (...[ttftMs, state]: Parameters<typeof point>) => withPrecision(point(ttftMs, state), wanted).notes;

  it('with the margin that it has, of the metric that was asked for', () => {
    assert.deepEqual(notes(distribution(200, [190, 210])), [], 'just within');
    const [note] = notes(distribution(200, [188, 214]));
    assert.deepEqual(note, { name: 'ttft_imprecise', count: 0.065 });
    assert.equal(
      note && noteText(note),
      'The p95 of TTFT is known within ±6.5 % only, less precisely than was asked for.',
    );
  });
  it('without one where there is no interval', () => {
    const [note] = notes(distribution(200, none));
    assert.deepEqual(note, { name: 'ttft_imprecise', count: null });
    assert.match((note && noteText(note)) ?? '', /^The p95 of TTFT has no 95 % interval/);
  });
  it('of a void point always, and of none where nothing was asked', () => {
    assert.equal(notes(distribution(200, [200, 200]), 'void').length, 1);
    const plain = point(distribution(200, none));
    assert.equal(withPrecision(plain, null), plain);
  });
});
