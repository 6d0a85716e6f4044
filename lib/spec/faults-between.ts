import { isList, type Lengths } from './lengths.ts';
import type { Spec } from './schema.ts';

/** A fault of several parts together, at the place where it is best mended. */
export interface FoundFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Parts = Pick<Spec, 'load' | 'slo' | 'budget' | 'prices' | 'stage' | 'workload' | 'target'>;

/** What parts of a sweep, each without a fault, mean nothing beside each other or miss of each other. */
export function faultsBetween(parts: Parts): FoundFault[] {
  return [missingParts, countedFaults, gridFaults, notebookFaults].flatMap((of) => of(parts));
}

/** Keys that mean nothing without another. */
function missingParts({ load, slo, budget, prices }: Parts): FoundFault[] {
  const judged = slo !== null && (slo.percentiles ?? slo.errorRate ?? slo.goodputShare) !== null;
  const needsSlo = 'needs bounds that a level can miss: give slo.percentiles, slo.errorRate or slo.goodputShare';
  const stopsAtSlo = load.stopAt.indexOf('slo');
  return [
    ...(load.search !== null && !judged ? [{ path: ['load', 'search'], message: needsSlo }] : []),
    ...(stopsAtSlo >= 0 && !judged ? [{ path: ['load', 'stopAt', stopsAtSlo], message: needsSlo }] : []),
    ...(budget.cost !== null && prices === null
      ? [{ path: ['budget', 'cost'], message: 'needs prices: give prices.inputPerMillion and prices.outputPerMillion' }]
      : []),
  ];
}

/** What one worker can carry of a stage that is counted in requests. */
const mostCountedStreams = 512;
const mostCountedRequests = 20_000;

function countedFaults({ load: { levels, search, notebook }, stage: { measure } }: Parts): FoundFault[] {
  const tried = [
    ...levels.map((level, index) => ({ level, path: ['load', 'levels', index] })),
    ...(search === null ? [] : [{ level: search.to, path: ['load', 'search', 'to'] }]),
  ];
  const counts = [
    ...(typeof measure === 'object' ? [{ ...measure, key: 'stage.measure' }] : []),
    ...(notebook === null ? [] : [{ ...notebook, key: 'load.notebook' }]),
  ];
  return tried.flatMap(({ level, path }) => {
    const message = counts.map((counted) => countedFault(level, counted)).find((found) => found !== null) ?? null;
    return message === null ? [] : [{ path, message }];
  });
}

interface Counted {
  readonly requestsPerStream: number;
  /** Where it stands. */
  readonly key: string;
}

function countedFault(level: number, { requestsPerStream, key }: Counted): string | null {
  if (level > mostCountedStreams) {
    return `must be at most ${mostCountedStreams} where stages are counted in requests: one worker carries them all`;
  }
  if (level * requestsPerStream <= mostCountedRequests) return null;
  return `asks for ${(level * requestsPerStream).toLocaleString('en')} requests, more than the ${mostCountedRequests.toLocaleString('en')} of a counted stage: lower ${key}.requestsPerStream`;
}

/** A search has one answer, and a grid one for each of its cells. */
function gridFaults({ load, workload }: Parts): FoundFault[] {
  if (load.search === null) return [];
  return (['inputTokens', 'outputTokens'] as const)
    .filter((key) => isGiven(workload[key]) && isList(workload[key]))
    .map((key) => ({
      path: ['workload', key],
      message: 'is a list beside load.search, which searches for one length',
    }));
}

/** The notebook asks for answers of 1, n ÷ 2 and n tokens. */
function notebookFaults({ load, workload, target }: Parts): FoundFault[] {
  if (load.notebook === null) return [];
  const path = ['load', 'notebook'];
  const limit = ['max_tokens', 'max_completion_tokens'].find((name) => Object.hasOwn(target.parameters ?? {}, name));
  const lengths = workload.outputTokens;
  return [
    ...((workload.file ?? null) === null
      ? []
      : [{ path, message: 'stands beside workload.file: its passes need answers of one length' }]),
    ...(isGiven(lengths) && !areFixed(lengths)
      ? [
          {
            path: ['workload', 'outputTokens'],
            message: 'must be one length of at least 2 tokens, or a list of such, beside load.notebook',
          },
        ]
      : []),
    ...(limit === undefined
      ? []
      : [
          {
            path: ['target', 'parameters', limit],
            message: 'stands beside load.notebook, whose passes set it themselves',
          },
        ]),
  ];
}

const isGiven = (lengths: Lengths | null | undefined): lengths is Lengths => lengths !== null && lengths !== undefined;

function areFixed(lengths: Lengths): boolean {
  return [lengths].flat().every((length) => typeof length === 'number' && length >= 2);
}
