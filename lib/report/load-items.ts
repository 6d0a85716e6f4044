import { gridOf } from '../plan/cell.ts';
import { formatDuration } from '../spec/duration.ts';
import type { Spec } from '../spec/schema.ts';
import { count, levelList, wordList } from './format.ts';
import { preciseText, runsUntil } from './precise-text.ts';
import { ours, type SetupItem, theirs } from './setup-item.ts';
import { sloText } from './slo-texts.ts';
import { workloadText } from './workload-text.ts';

/** What was asked, how hard, for how long, and what it might use up. */
export function loadItems(spec: Spec): SetupItem[] {
  const { workload, load, fleet, deadlines } = spec;
  return [
    (workload.file === null ? ours : theirs)('Workload', workloadText(workload)),
    ours('Parallel requests', levelsText(load)),
    ...runsItems(load),
    ours('Each level', timesText(spec)),
    ...(load.notebook === null ? [] : [ours('Notebook', notebookText(load.notebook))]),
    ...(spec.slo ? [ours('SLO', sloText(spec.slo))] : []),
    ...(load.stopAt.length === 0 ? [] : [ours('Ends early', wordList(load.stopAt.map((rule) => stopTexts[rule])))]),
    ours('Check for drift', driftCheckText(spec)),
    ours('Workers', `up to ${count(fleet.streamsPerWorker)} streams each, at most ${count(fleet.maxWorkers)}`),
    ours(
      'Deadlines',
      `connect ${formatDuration(deadlines.connect)}, first token ${formatDuration(deadlines.firstToken)}, idle ${formatDuration(deadlines.idle)}, total ${formatDuration(deadlines.total)}`,
    ),
    ours('Budget', budgetText(spec)),
    ...(spec.prices === null ? [] : [ours('Prices', pricesText(spec.prices))]),
    ours('Seed', String(spec.seed)),
  ];
}

function levelsText({ levels, search, order }: Spec['load']): string {
  if (search !== null) {
    return `a search from ${count(search.from)} to ${count(search.to)} for the highest that meets the SLO`;
  }
  const listed = levelList(levels, 24).replace(/^levels? /, '');
  return order === 'shuffled' ? `${listed}, in shuffled order` : listed;
}

function notebookText({ requestsPerStream }: NonNullable<Spec['load']['notebook']>): string {
  return `each level first in its passes, not streamed: 1, half and all of the tokens, ${count(requestsPerStream)} requests a stream`;
}

function runsItems({ repeats, untilPrecise }: Spec['load']): SetupItem[] {
  if (untilPrecise) {
    const [runs, until] = [runsUntil(repeats, untilPrecise), preciseText(untilPrecise)];
    return [ours('Runs', `${runs} of each level, until ${until}, together one point`)];
  }
  return repeats === 1 ? [] : [ours('Runs', `each level ${count(repeats)} times, its runs together one point`)];
}

function timesText({ stage }: Spec): string {
  const length = (value: Spec['stage']['measure']) => {
    if (typeof value === 'object') return `of ${value.requestsPerStream} requests a stream`;
    return value === 'auto' ? 'auto' : formatDuration(value);
  };
  return `warm-up ${length(stage.warmUp)}, window ${length(stage.measure)}, drain ${length(stage.drain)}`;
}

const stopTexts: Readonly<Record<Spec['load']['stopAt'][number], string>> = {
  plateau: 'where throughput no longer rises',
  notebook_plateau: 'where the notebook’s throughput no longer rises',
  slo: 'at a level that misses the SLO',
};

function driftCheckText({ load: { driftCheck, levels, search }, workload }: Spec): string {
  if (search !== null) return 'none, for a search repeats what it answers';
  if (!driftCheck) return 'off';
  return levels.length === 1 && gridOf(workload).length === 1
    ? 'none, for there is one level alone'
    : 'the first level runs again at the end';
}

/** `60 minutes, 10,000 requests`. */
function budgetText({ budget, prices }: Spec): string {
  const { minutes, requests, inputTokens, outputTokens, cost } = budget;
  const parts = [
    minutes === null ? null : `${minutes.toLocaleString('en-US')} ${minutes === 1 ? 'minute' : 'minutes'}`,
    requests === null ? null : `${count(requests)} requests`,
    inputTokens === null ? null : `${count(inputTokens)} tokens in`,
    outputTokens === null ? null : `${count(outputTokens)} tokens out`,
    cost === null ? null : `${cost} ${prices?.currency ?? ''}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'none' : `at most ${wordList(parts)}`;
}

function pricesText({ inputPerMillion, outputPerMillion, currency }: NonNullable<Spec['prices']>): string {
  return `${inputPerMillion} ${currency} for a million tokens in, ${outputPerMillion} ${currency} for a million out`;
}
