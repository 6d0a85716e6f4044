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
    sloGiven: points.some(({ slo }) => slo),
    highestMet: highestMet(points),
  };
}

/** Void levels neither meet nor miss. */
function highestMet(points: readonly Point[]): number | null {
  const valid = points.filter(({ validity }) => validity.state !== 'void').toSorted((a, b) => a.level - b.level);
  const unmet = valid.findIndex(({ slo }) => slo?.verdict !== 'met');
  return valid[(unmet < 0 ? valid.length : unmet) - 1]?.level ?? null;
}
