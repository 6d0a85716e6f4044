import type { Report } from './report.ts';

interface Definition {
  readonly term: string;
  readonly meaning: string;
}

/** What the figures of a report mean, in short; the order is that of a first reading. */
export function definitionsOf({ spec, points }: Report): readonly Definition[] {
  const pooled = points.some(({ stages }) => stages.length > 1);
  return [...definitions, ...(pooled ? [runsDefinition] : []), ...(spec.slo ? sloDefinitions : [])];
}

const runsDefinition: Definition = {
  term: 'Runs',
  meaning:
    'A level that was run several times is one point: percentiles over the answers of all its runs, throughput over all their windows, void runs left out.',
};

const sloDefinitions: readonly Definition[] = [
  {
    term: 'SLO met, missed, undecided',
    meaning:
      'A level meets the service level objective when it keeps every bound, reaching one included. It is undecided when a figure is missing or the level is void; undecided is never met.',
  },
  {
    term: 'SLO limit',
    meaning: 'The highest level that meets the SLO, with every valid level below it meeting it too.',
  },
  {
    term: 'Goodput',
    meaning:
      'Share of the cohort’s requests, failed ones included, that ended ok and kept every bound for a single request; and such requests per second that ended in the window.',
  },
];

const definitions: readonly Definition[] = [
  {
    term: 'Parallel requests (the level)',
    meaning:
      'How many requests are kept in flight at once: each stream sends its next request as soon as its last answer is over.',
  },
  {
    term: 'Window and cohort',
    meaning:
      'A level is held through a warm-up into a measured window. The cohort is every request due in the window; percentiles are of its ok answers, failures are counted apart.',
  },
  {
    term: 'Output tokens/s',
    meaning:
      'Output tokens of all answers together that arrived in the window, per second, by the endpoint’s own count of tokens. Total tokens/s adds the prompts’.',
  },
  { term: 'TTFT, time to first token', meaning: 'From sending a request on an open connection to its first token.' },
  {
    term: 'TPOT, time per output token',
    meaning: '(last token − first token) ÷ (n − 1), with n the tokens streamed. It leaves the first token out.',
  },
  {
    term: 'Latency',
    meaning:
      'From sending a request to its last token: latency = TTFT + TPOT × (n − 1), exactly, for each request. (Some write TTFT + TPOT × n, which counts the first token twice.)',
  },
  {
    term: 'Tokens/s per user',
    meaning: '1000 ÷ TPOT in milliseconds: how fast one reader sees an answer grow once it has begun.',
  },
  {
    term: 'Gaps between chunks',
    meaning: 'Time between two reads that brought tokens; several tokens can come in one read.',
  },
  {
    term: 'p50, p95, p99',
    meaning:
      'Percentiles (R-7) of the cohort’s ok answers. One is shown only with at least 5 ÷ (1 − p) samples: 10 for p50, 100 for p95, 500 for p99.',
  },
  {
    term: 'Intervals',
    meaning:
      '95 %, for this run only: how far the figure could lie off by chance within its window. They say nothing about another hour or another day.',
  },
  {
    term: 'With failures',
    meaning: 'Percentiles over all requests of the cohort, a failed one counted as never answered.',
  },
  {
    term: 'Balanced (the knee)',
    meaning: 'The smallest valid level whose throughput is within 10 % of the highest valid throughput.',
  },
  {
    term: 'ok, suspect, void',
    meaning:
      'How far a level can be believed, for the reasons named. A void level is drawn hollow and is never an answer.',
  },
];
