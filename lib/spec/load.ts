import { z } from 'zod';
import { count } from './count.ts';

const mostStreams = 100_000;
const mostLevels = 200;

const levels = z
  .array(count(mostStreams))
  .nonempty('needs at least one level, such as [1, 2, 4, 8]')
  .max(mostLevels, `has more than ${mostLevels} levels`)
  .superRefine((rising, context) => {
    rising.forEach((level, index) => {
      if (index > 0 && level <= (rising[index - 1] ?? 0)) {
        context.addIssue({ code: 'custom', path: [index], message: 'must be above the level before it' });
      }
    });
  });

const search = z
  .strictObject({
    from: count(mostStreams).default(1).describe('The first level tried; none below it is.'),
    to: count(mostStreams).default(256).describe('No level above it is tried.'),
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be below from' });

/** Why a sweep may end before all of its levels were run; off unless asked for. */
const stopRule = z.enum(['plateau', 'notebook_plateau', 'slo'], { error: 'must be plateau, notebook_plateau or slo' });

const shareFault = 'must be a share above 0 and at most 1, such as 0.05 for 5 %';

const untilPrecise = z.strictObject({
  of: z
    .enum(['latency', 'ttft', 'tpot'], { error: 'must be latency, ttft or tpot' })
    .default('latency')
    .describe(
      'Whose p95 is to be precise: `latency`, `ttft` or `tpot`. Without `untilPrecise` no level runs again for it.',
    ),
  within: z
    .number()
    .gt(0, shareFault)
    .max(1, shareFault)
    .default(0.05)
    .describe('Half of its 95 % interval ÷ p95, at most.'),
  most: count(100)
    .default(5)
    .describe('A level is run so often at most, however wide the interval still is; not below repeats.'),
});

const notebook = z.strictObject({
  requestsPerStream: count(1000)
    .default(5)
    .describe('Each stream of a pass sends so many requests, one after another.'),
});

/** How hard the endpoint is pressed: at given levels, or at those that a search for the SLO's limit asks for. */
export const loadSchema = z
  .strictObject({
    levels: levels
      .optional()
      .describe('Numbers of requests kept in flight, in rising order: one point of the curve each.'),
    search: search
      .nullable()
      .default(null)
      .describe('Finds the highest level that meets the SLO, by doubling and bisection: `{}` searches from 1 to 256.'),
    order: z
      .enum(['rising', 'shuffled'], { error: 'must be rising or shuffled' })
      .default('rising')
      .describe(
        'In which order levels are run. `shuffled`, by the seed, keeps what changes with time from looking like the level.',
      ),
    repeats: count(100).default(1).describe('How often each level is run; its runs are one point.'),
    untilPrecise: untilPrecise
      .nullable()
      .default(null)
      .describe(
        'Runs a level again until its p95 is known precisely enough: `{}` until that of latency is within 5 %, five runs at most.',
      ),
    notebook: notebook
      .nullable()
      .default(null)
      .describe(
        'Runs each level in the passes of Databricks’ notebook too, so that the report shows its figures beside Paretoken’s own: see databricks.md.',
      ),
    stopAt: z
      .array(stopRule)
      .default([])
      .describe(
        'What ends the sweep before its last level: `plateau`, throughput that no longer rises; `notebook_plateau`, the same as Databricks’ notebook sees it; `slo`, a level that misses the SLO.',
      ),
    driftCheck: z
      .boolean()
      .default(true)
      .describe('Run the first level once more at the end, to see whether the endpoint stayed the same.'),
  })
  .meta({ oneOf: [{ required: ['levels'] }, { required: ['search'] }] })
  .superRefine((load, context) => {
    const add = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (load.levels !== undefined && load.search !== null) {
      add(['search'], 'stands beside levels: keep one of them');
    } else if (load.levels === undefined && load.search === null) {
      add(['levels'], 'is missing: name levels such as [1, 2, 4, 8], or search');
    }
    if (load.search !== null) {
      if (load.order !== 'rising') add(['order'], 'means nothing beside search, which chooses each level by the last');
      if (load.repeats !== 1)
        add(['repeats'], 'means nothing beside search, which repeats a level where it is in doubt');
      if (load.untilPrecise !== null)
        add(['untilPrecise'], 'means nothing beside search, which repeats a level where it is in doubt');
    }
    if (load.untilPrecise !== null && load.untilPrecise.most < load.repeats) {
      add(['untilPrecise', 'most'], `must not be below repeats: each level is run ${load.repeats} times anyway`);
    }
    if (load.notebook !== null) {
      if (load.search !== null) add(['notebook'], 'stands beside search: the notebook runs given levels');
      if (load.order !== 'rising') add(['order'], 'means nothing beside notebook, which runs levels in rising order');
    }
    load.stopAt.forEach((rule, index) => {
      const refused = refusedRule(rule, load);
      if (load.stopAt.indexOf(rule) < index) add(['stopAt', index], 'stands there twice');
      else if (refused !== null) add(['stopAt', index], refused);
    });
  })
  .transform(({ levels: given, ...rest }): Load => ({ levels: given ?? [], ...rest }));

function refusedRule(
  rule: StopRule,
  { search: searched, order, notebook: passes }: Pick<Load, 'search' | 'order' | 'notebook'>,
): string | null {
  if (searched !== null) return 'means nothing beside search, which ends when it has found its answer';
  if (rule === 'plateau' && order === 'shuffled') {
    return 'plateau is told from levels in rising order: leave it out, or order: shuffled';
  }
  if (rule === 'notebook_plateau' && passes === null) return 'needs load.notebook, whose figures it looks at';
  return null;
}

export type StopRule = z.output<typeof stopRule>;

/** How precisely the p95 of a metric is to be known, and for how many runs of a level at most. */
export type UntilPrecise = z.output<typeof untilPrecise>;

/** Metrics whose p95 can be asked to be precise. */
export type PreciseMetric = UntilPrecise['of'];

/** Between which levels the highest one that meets the SLO is searched for. */
export type Search = z.output<typeof search>;

/** The load, parsed. */
export interface Load {
  /** Rising; empty with a search. */
  readonly levels: readonly number[];
  /** Null: the levels are given. */
  readonly search: Search | null;
  readonly order: 'rising' | 'shuffled';
  /** With `untilPrecise` the least. */
  readonly repeats: number;
  /** Null: levels are run as often as `repeats` says. */
  readonly untilPrecise: UntilPrecise | null;
  /** Null: no passes but the ordinary stages. */
  readonly notebook: { readonly requestsPerStream: number } | null;
  readonly stopAt: readonly StopRule[];
  readonly driftCheck: boolean;
}
