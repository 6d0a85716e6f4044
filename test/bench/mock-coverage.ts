import { storeAggregator } from '../../lib/aggregator/store-aggregator.ts';
import type { Point } from '../../lib/curve/point.ts';
import { type QueueModel, smallServer } from '../../lib/mock/queue-model.ts';
import type { Interval } from '../../lib/plan/verdict.ts';
import { parseSpec } from '../../lib/spec/parse.ts';
import { pointKey } from '../../lib/store/key-layout.ts';
import { virtualSweep } from '../sweep/virtual-sweep.ts';

/** A level of the mock under virtual time: how many streams, how full the server, how long the window in seconds. */
export interface MockLevel {
  readonly level: number;
  readonly slots: number;
  readonly windowSeconds: number;
  readonly seed: number;
}

const figures: readonly (readonly [string, (point: Point) => { value: number | null; ci: Interval }])[] = [
  ['tokens/s', ({ outputTokensPerSecond }) => outputTokensPerSecond],
  ['latency p50', ({ latencyMs }) => ({ value: latencyMs.p50, ci: latencyMs.ci.p50 })],
  ['latency p95', ({ latencyMs }) => ({ value: latencyMs.p95, ci: latencyMs.ci.p95 })],
  ['TTFT p50', ({ ttftMs }) => ({ value: ttftMs.p50, ci: ttftMs.ci.p50 })],
];

/** How often the intervals of a level hold the figures of a window fifty times as long, by figure. */
export async function mockCoverage({ seeds, ...level }: Omit<MockLevel, 'seed'> & { readonly seeds: number }) {
  const truth = await pointOf({ ...level, windowSeconds: level.windowSeconds * 50, seed: 1_000_000 });
  const held = new Map(figures.map(([name]) => [name, 0]));
  for (let seed = 0; seed < seeds; seed++) {
    const point = await pointOf({ ...level, seed });
    for (const [name, of] of figures) {
      const [low, high] = of(point).ci;
      const value = of(truth).value ?? Number.NaN;
      if ((low ?? Number.NEGATIVE_INFINITY) <= value && value <= (high ?? Number.POSITIVE_INFINITY))
        held.set(name, (held.get(name) ?? 0) + 1);
    }
  }
  return new Map([...held].map(([name, count]) => [name, count / seeds]));
}

async function pointOf({ level, slots, windowSeconds, seed }: MockLevel): Promise<Point> {
  const model: QueueModel = { ...smallServer, slots, jitter: 0.4 };
  const spec = parseSpec(`target: {url: http://mock/v1, model: mock}
workload: {inputTokens: 20, outputTokens: 5}
load: {levels: [${level}]}
stage: {warmUp: 2s, measure: ${windowSeconds}s, drain: 2s}
`);
  const { store } = await virtualSweep({
    spec,
    mock: { model, seed },
    newAggregator: (inStore, clock) =>
      storeAggregator({
        store: inStore,
        nowEpochMs: clock.nowEpochMs,
        draw: async () => new Map([['report.json', '{}']]),
      }),
  });
  return store.json<Point>(pointKey('virtual', 1));
}
