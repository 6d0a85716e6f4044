import type { Point, SloCheck } from '../curve/point.ts';
import type { Slo } from '../spec/slo.ts';
import { count, percent, time } from './format.ts';
import { type Percentile, samplesNeeded } from './shown.ts';

const metricNames = { ttft: 'TTFT', ttfo: 'TTFO', tpot: 'TPOT', latency: 'latency' } as const;
type MetricKey = keyof typeof metricNames;
const metricKeys = Object.keys(metricNames) as MetricKey[];

/** `TTFT p95`, `errors`, `good requests`. */
export function checkName(what: SloCheck['what']): string {
  if (what === 'errorRate') return 'errors';
  if (what === 'goodputShare') return 'good requests';
  const [metric = 'ttft', percentile] = what.split(' ') as [MetricKey, string];
  return `${metricNames[metric]} ${percentile}`;
}

const isShare = (what: SloCheck['what']) => what === 'errorRate' || what === 'goodputShare';

/** A bound as it was given: `500 ms`, `12.5 ms`, `10 s`. */
function boundTime(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
}

const exactPercent = (share: number) => `${Number((share * 100).toPrecision(12))} %`;

/** `≤ 500 ms`, `≤ 1 %`, `≥ 90 %`. */
export function boundText({ what, bound }: Pick<SloCheck, 'what' | 'bound'>): string {
  const sign = what === 'goodputShare' ? '≥' : '≤';
  return `${sign} ${isShare(what) ? exactPercent(bound) : boundTime(bound)}`;
}

/** `734 ms`, `1.2 %`, `not reached`; null where nothing is known. */
export function measuredText({ what, measured }: SloCheck): string | null {
  if (measured === null) return null;
  if (measured === 'not_reached') return 'not reached';
  return isShare(what) ? percent(measured) : time(measured);
}

/** By how much a bound was missed: `47 % above`, `12 points below`; null when it was not, or can't be told. */
export function missText({ what, bound, measured, verdict }: SloCheck): string | null {
  if (verdict !== 'missed' || typeof measured !== 'number') return null;
  if (isShare(what)) {
    const points = Math.abs(measured - bound) * 100;
    const side = what === 'goodputShare' ? 'below' : 'above';
    return `${Number(points.toPrecision(2))} points ${side}`;
  }
  const over = (measured / bound - 1) * 100;
  return over < 0.95 ? 'less than 1 % above' : `${Math.round(over)} % above`;
}

/** What keeps a level from meeting the SLO, bound by bound: those missed, else those undecided. */
export function obstacles(point: Point): string {
  const checks = point.slo?.checks ?? [];
  const missed = checks.filter(({ verdict }) => verdict === 'missed');
  const open = checks.filter(({ verdict }) => verdict === 'undecided');
  return (missed.length > 0 ? missed.map(missedClause) : open.map((check) => undecidedClause(check, point))).join('; ');
}

function missedClause(check: SloCheck): string {
  const { what, measured } = check;
  const name = checkName(what);
  if (measured === 'not_reached') return `${name} (${boundText(check)}) was not reached, since so many requests failed`;
  const by = missText(check);
  const were = isShare(what) ? 'were' : 'was';
  return `${name} ${were} ${measuredText(check)}${by === null ? '' : `, ${by} the bound of ${boundText(check).slice(2)}`}`;
}

/** Why a bound could not be judged, and what would help. */
function undecidedClause({ what }: SloCheck, point: Point): string {
  if (what === 'errorRate') return 'no request was due, so errors are not known';
  if (what === 'goodputShare') return 'no request could be held against the bounds of a good one';
  const [metric, percentile] = what.split(' ') as [MetricKey, Percentile];
  if (point[`${metric}Ms`].samples === 0 && point.ok > 0) return `no answer has a ${metricNames[metric]}`;
  return `${checkName(what)} is not known: it takes ${count(samplesNeeded[percentile])} requests, so measure longer`;
}

/** The bounds of an SLO in words: `each request: TTFT ≤ 500 ms; TTFT p95 ≤ 500 ms; errors ≤ 1 %`. */
export function sloText({ perRequest, percentiles, errorRate, goodputShare }: Slo): string {
  const each = metricKeys.flatMap((metric) => {
    const bound = perRequest?.[metric] ?? null;
    return bound === null ? [] : [`${metricNames[metric]} ≤ ${boundTime(bound)}`];
  });
  const ofPercentiles = metricKeys.flatMap((metric) =>
    Object.entries(percentiles?.[metric] ?? {}).flatMap(([percentile, bound]) =>
      bound === null ? [] : [`${metricNames[metric]} ${percentile} ≤ ${boundTime(bound)}`],
    ),
  );
  const parts = [
    each.length === 0 ? null : `each request: ${each.join(', ')}`,
    ofPercentiles.length === 0 ? null : ofPercentiles.join(', '),
    errorRate === null ? null : `errors ${boundText({ what: 'errorRate', bound: errorRate })}`,
    goodputShare === null ? null : `good requests ${boundText({ what: 'goodputShare', bound: goodputShare })}`,
  ];
  return parts.filter((part) => part !== null).join('; ');
}
