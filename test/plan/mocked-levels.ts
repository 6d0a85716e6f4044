import { distributionOf } from '../../lib/curve/distribution.ts';
import { quantileSorted, sortedNumbers } from '../../lib/curve/quantile.ts';
import { sloOf } from '../../lib/curve/slo.ts';
import { isSloWithinNoise } from '../../lib/curve/slo-noise.ts';
import { jitter } from '../../lib/mock/jitter.ts';
import { prefillMs, type QueueModel, stepMs } from '../../lib/mock/queue-model.ts';
import type { StageDesign } from '../../lib/plan/stage.ts';
import type { Verdict } from '../../lib/plan/verdict.ts';
import type { Slo } from '../../lib/spec/slo.ts';

export interface MockedLevels {
  readonly model: QueueModel;
  readonly lengths: { readonly inputTokens: number; readonly outputTokens: number };
  readonly slo: Slo;
  readonly seed: number;
}

/**
 * Verdicts on levels of the mocked endpoint, none above its slots: there no answer waits, and each takes its prefill and
 * its steps, with the mock's own jitter. The runs of a level are pooled and judged as in a sweep.
 */
export function mockedLevels({ model, lengths, slo, seed }: MockedLevels): (design: StageDesign) => Partial<Verdict> {
  const runs = new Map<number, Float64Array[]>();
  return ({ stage, kind, level }) => {
    if (kind === 'probe') return {};
    const pooled = [...(runs.get(level) ?? []), latencies(level, `${stage}`)];
    runs.set(level, pooled);
    return { level, ...judged(pooled, slo) };
  };

  function latencies(level: number, id: string): Float64Array {
    const [prefill, step] = [prefillMs(model, lengths.inputTokens), stepMs(model, level)];
    return new Float64Array(Math.max(120, 12 * level)).map((_, request) => {
      const factor = jitter(model.jitter, seed, `${id}-${request}`);
      let ms = prefill * factor();
      for (let token = 1; token < lengths.outputTokens; token++) ms += step * factor();
      return ms;
    });
  }
}

function judged(runs: readonly Float64Array[], slo: Slo): Pick<Verdict, 'slo' | 'sloWithinNoise' | 'p50LatencyMs'> {
  const values = Float64Array.from(runs.flatMap((run) => [...run]));
  const sorted = sortedNumbers(values);
  const at = (percent: number) => quantileSorted(sorted, percent / 100);
  const summary = {
    percentiles: { 50: at(50), 90: at(90), 95: at(95), 99: at(99) },
    mean: null,
    samples: values.length,
    values,
  };
  const latencyMs = distributionOf(summary, runs, {
    failures: 0,
    failureValue: Infinity,
    intervals: true,
    shape: true,
  });
  const distributions = { ttftMs: latencyMs, ttfoMs: latencyMs, tpotMs: latencyMs, latencyMs };
  const result = sloOf(slo, { ...distributions, state: 'ok', errorShare: 0, goodput: null });
  const counts = { requests: values.length, ok: values.length, errors: {}, goodput: null };
  return {
    slo: result?.verdict ?? null,
    sloWithinNoise: isSloWithinNoise({ ...distributions, ...counts, slo: result }),
    p50LatencyMs: latencyMs.p50,
  };
}
