import { z } from 'zod';
import { durationPattern, parseBoundMs } from './duration.ts';

const bound = z
  .string('must be a duration such as 40ms or 10s')
  .regex(durationPattern, 'must be a duration such as 40ms or 10s')
  .transform((text) => parseBoundMs(text) ?? Number.NaN)
  .refine((ms) => ms > 0 && ms <= 24 * 3_600_000, 'must be more than 0 and at most 24h')
  .nullable()
  .default(null);

const share = (what: string) => z.number().min(0, `must be ${what}`).max(1, `must be ${what}`).nullable().default(null);

const perRequest = z
  .strictObject({
    ttft: bound.describe('Most time to first token.'),
    ttfo: bound.describe('Most time to the first output that a reader sees.'),
    tpot: bound.describe('Most time per output token.'),
    latency: bound.describe('Most time to the last token.'),
  })
  .nullable()
  .default(null);

const percentilesOf = (what: string) =>
  z
    .strictObject({
      p50: bound.describe(`Most for the median of ${what}.`),
      p90: bound.describe(`Most for the 90th percentile of ${what}.`),
      p95: bound.describe(`Most for the 95th percentile of ${what}.`),
      p99: bound.describe(`Most for the 99th percentile of ${what}.`),
    })
    .nullable()
    .default(null);

const percentiles = z
  .strictObject({
    ttft: percentilesOf('TTFT').describe('Bounds on time to first token.'),
    ttfo: percentilesOf('TTFO').describe('Bounds on time to first visible output.'),
    tpot: percentilesOf('TPOT').describe('Bounds on time per output token.'),
    latency: percentilesOf('latency').describe('Bounds on latency.'),
  })
  .nullable()
  .default(null);

/** What the endpoint should hold to: bounds on single requests give goodput, the others the verdict of a level. */
export const sloSchema = z
  .strictObject({
    perRequest: perRequest.describe('A request that keeps all of these is good: its share is the goodput.'),
    percentiles: percentiles.describe('Percentiles with failures counted as never answered.'),
    errorRate: share('a share from 0 to 1, such as 0.01 for 1 %').describe('Largest share of failed requests.'),
    goodputShare: share('a share from 0 to 1, such as 0.9 for 90 %').describe(
      'Smallest share of requests that keep all bounds of perRequest.',
    ),
  })
  .superRefine((slo, context) => {
    if (context.issues.length > 0) return;
    for (const path of emptyPaths(slo)) {
      context.addIssue({ code: 'custom', path, message: `needs at least one bound, such as ${exampleIn(path)}` });
    }
    if (slo.goodputShare !== null && slo.perRequest === null) {
      const message = 'needs the bounds that a good request keeps: give slo.perRequest as well';
      context.addIssue({ code: 'custom', path: ['goodputShare'], message });
    }
  })
  .nullable()
  .default(null);

type Bounds = { readonly [name: string]: number | null | Bounds };

/** Where maps stand that hold nothing, the innermost of them. */
function emptyPaths(bounds: Bounds, path: readonly string[] = []): string[][] {
  const given = Object.entries(bounds).filter(([, value]) => value !== null);
  if (given.length === 0) return [[...path]];
  return given.flatMap(([name, value]) =>
    typeof value === 'object' && value ? emptyPaths(value, [...path, name]) : [],
  );
}

function exampleIn([section, metric]: readonly string[]): string {
  if (metric !== undefined) return 'p95: 500ms';
  if (section === 'percentiles') return 'ttft: {p95: 500ms}';
  return section === 'perRequest' ? 'ttft: 500ms' : 'percentiles: {ttft: {p95: 500ms}}';
}

/** A parsed SLO, bounds in milliseconds, shares from 0 to 1; null for what is not bounded. */
export type Slo = NonNullable<z.output<typeof sloSchema>>;
