import type { Answers, Knee } from './curve.ts';
import { validLevels } from './knee.ts';
import type { Point } from './point.ts';

/** How many parallel requests to send, by what matters; of equal levels the smallest. */
export function answersOf(points: readonly Point[], knee: Knee): Answers {
  const latencies = points
    .filter(({ validity }) => validity.state !== 'void')
    .flatMap(({ level, latencyMs }) => (latencyMs.p50 === null ? [] : [{ level, p50: latencyMs.p50 }]))
    .sort((a, b) => a.p50 - b.p50 || a.level - b.level);
  const throughputs = validLevels(points).sort((a, b) => b.tokensPerSecond - a.tokensPerSecond || a.level - b.level);
  return {
    lowLatency: latencies[0]?.level ?? null,
    balanced: knee.level,
    highThroughput: throughputs[0]?.level ?? null,
  };
}
