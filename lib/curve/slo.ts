import type { ValidityState } from '../plan/verdict.ts';
import type { Slo } from '../spec/slo.ts';
import type { Distribution, Goodput, SloCheck, SloResult, SloVerdict, WithFailures } from './point.ts';

/** What a level is judged by. */
export interface SloFacts {
  readonly state: ValidityState;
  readonly ttftMs: Distribution;
  readonly ttfoMs: Distribution;
  readonly tpotMs: Distribution;
  readonly latencyMs: Distribution;
  readonly errorShare: number | null;
  readonly goodput: Goodput | null;
}

const metrics = { ttft: 'ttftMs', ttfo: 'ttfoMs', tpot: 'tpotMs', latency: 'latencyMs' } as const;
const percentiles = ['p50', 'p90', 'p95', 'p99'] as const;

/**
 * Whether a level meets the SLO: percentiles with failures counted, share of errors, share of good requests. A bound that
 * is just reached is met. Undecided where a figure is null, and always when the level is void; null without such bounds.
 */
export function sloOf(slo: Slo, facts: SloFacts): SloResult | null {
  const most = (what: SloCheck['what'], bound: number | null | undefined, measured: WithFailures): SloCheck[] => {
    if (bound == null) return [];
    const kept = measured !== 'not_reached' && measured !== null && measured <= bound;
    return [{ what, bound, measured, verdict: verdictOf(facts.state, measured, kept) }];
  };
  const ofPercentiles = (Object.keys(metrics) as (keyof typeof metrics)[]).flatMap((metric) =>
    percentiles.flatMap((percentile) =>
      most(
        `${metric} ${percentile}`,
        slo.percentiles?.[metric]?.[percentile],
        facts[metrics[metric]].withFailures[percentile],
      ),
    ),
  );
  const checks = [
    ...ofPercentiles,
    ...most('errorRate', slo.errorRate, facts.errorShare),
    ...goodputCheck(slo.goodputShare, facts),
  ];
  return checks.length === 0 ? null : { verdict: worst(checks), checks };
}

function goodputCheck(bound: number | null, { goodput, state }: SloFacts): SloCheck[] {
  if (bound === null) return [];
  const measured = goodput?.share ?? null;
  const kept = measured !== null && measured >= bound;
  return [{ what: 'goodputShare', bound, measured, verdict: verdictOf(state, measured, kept) }];
}

function verdictOf(state: ValidityState, measured: WithFailures, kept: boolean): SloVerdict {
  if (state === 'void' || measured === null) return 'undecided';
  return kept ? 'met' : 'missed';
}

function worst(checks: readonly SloCheck[]): SloVerdict {
  const verdicts = checks.map(({ verdict }) => verdict);
  return (['missed', 'undecided'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'met';
}
