import type { Distribution, Point, SloCheck } from './point.ts';
import type { Percent } from './quantile.ts';
import { shareInterval } from './share-interval.ts';

/** What of a point tells how sure its verdict on the SLO is. */
export type JudgedPoint = Pick<
  Point,
  'slo' | 'requests' | 'errors' | 'ok' | 'goodput' | 'ttftMs' | 'ttfoMs' | 'tpotMs' | 'latencyMs'
>;

/**
 * Whether chance may have turned the verdict on the SLO: of a level that meets it, some bound lies within the interval of
 * its figure; of one that misses it, every bound missed does. A level without any failure is not in doubt for its errors,
 * nor a window that gives no intervals for its percentiles.
 */
export function isSloWithinNoise(point: JudgedPoint): boolean {
  const { verdict, checks } = point.slo ?? { verdict: 'undecided', checks: [] };
  if (verdict === 'met') return checks.some((check) => mayTurn(check, point));
  return (
    verdict === 'missed' && checks.filter((check) => check.verdict === 'missed').every((one) => mayTurn(one, point))
  );
}

const metrics = { ttft: 'ttftMs', ttfo: 'ttfoMs', tpot: 'tpotMs', latency: 'latencyMs' } as const;

function mayTurn(check: SloCheck, point: JudgedPoint): boolean {
  const samples = point.requests - (point.errors.cancelled ?? 0);
  const failures = samples - point.ok;
  const isMet = check.verdict === 'met';
  if (check.what === 'errorRate') return shareMayTurn({ count: failures, of: samples, most: check.bound, isMet });
  if (check.what === 'goodputShare') {
    const bad = Math.round((1 - (point.goodput?.share ?? 0)) * samples);
    return shareMayTurn({ count: bad, of: samples, most: 1 - check.bound, isMet });
  }
  const [metric, percentile] = check.what.split(' ') as [keyof typeof metrics, `p${Percent}`];
  const distribution = point[metrics[metric]];
  // A percentile is also missed when too many requests have no value at all.
  const most = 1 - Number(percentile.slice(1)) / 100;
  const failed = { count: failures, of: distribution.samples + failures, most, isMet };
  if (check.measured === 'not_reached') return shareMayTurn(failed);
  return (isMet && shareMayTurn(failed)) || boundMayTurn(distribution, percentile, check);
}

interface BoundedShare {
  readonly count: number;
  readonly of: number;
  readonly most: number;
  readonly isMet: boolean;
}

function shareMayTurn({ count, of, most, isMet }: BoundedShare): boolean {
  const [low, high] = shareInterval(count, of);
  return isMet ? count > 0 && high > most : low <= most;
}

/** Where only the end in question is unknown, the extreme value stands for it. */
function boundMayTurn(of: Distribution, percentile: `p${Percent}`, { bound, verdict }: SloCheck): boolean {
  const [low, high] = of.ci[percentile];
  if (low === null && high === null) return false;
  if (verdict === 'met') return (high ?? of.max ?? 0) > bound;
  return (low ?? of.quantiles?.[0] ?? 0) <= bound;
}
