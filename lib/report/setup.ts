import type { ProbeFinding } from '../plan/probe-finding.ts';
import { formatDuration } from '../spec/duration.ts';
import { count, levelList, percent, utc } from './format.ts';
import { probeItems } from './probe-items.ts';
import { probeWarningTexts } from './probe-texts.ts';
import type { Report } from './report.ts';
import { ours, type SetupItem, theirs } from './setup-item.ts';
import { sloText } from './slo-texts.ts';
import { statusOf } from './status.ts';

export interface SetupGroup {
  readonly title: string;
  readonly items: readonly SetupItem[];
}

/** What was measured, how, from where and when. */
export function setupOf(report: Report): readonly SetupGroup[] {
  return [
    { title: 'Endpoint', items: endpointItems(report) },
    { title: 'Load', items: loadItems(report) },
    { title: 'Probe', items: report.probe === null ? [] : [...probeItems(report.probe), ...doubts(report.probe)] },
    { title: 'Run', items: runItems(report) },
  ].filter(({ items }) => items.length > 0);
}

function endpointItems({ target, spec }: Report): SetupItem[] {
  const { auth, headers, parameters } = spec.target;
  const names = Object.keys(headers);
  return [
    theirs('Address', target.url),
    target.model === null ? ours('Model', 'not named in the request') : theirs('Model', target.model),
    auth === null
      ? ours('Key', 'none')
      : theirs('Key', `from the environment variable ${auth.env}, in the header ${auth.header}`),
    ...(names.length === 0 ? [] : [theirs('Headers', names.map((name) => `${name}: ${headers[name]}`).join(', '))]),
    ...(Object.keys(parameters).length === 0 ? [] : [theirs('Parameters', JSON.stringify(parameters))]),
  ];
}

function loadItems({ spec }: Report): SetupItem[] {
  const { workload, load, stage, fleet, deadlines } = spec;
  const length = (value: Report['spec']['stage']['measure']) => {
    if (typeof value === 'object') return `of ${value.requestsPerStream} requests a stream`;
    return value === 'auto' ? 'auto' : formatDuration(value);
  };
  return [
    ours(
      'Workload',
      `${count(workload.inputTokens)} input tokens, at most ${count(workload.outputTokens)} output tokens`,
    ),
    ours('Parallel requests', levelList(load.levels, 24).replace(/^levels? /, '')),
    ours(
      'Each level',
      `warm-up ${length(stage.warmUp)}, window ${length(stage.measure)}, drain ${length(stage.drain)}`,
    ),
    ...(spec.slo ? [ours('SLO', sloText(spec.slo))] : []),
    ours('Check for drift', load.driftCheck ? 'the first level runs again at the end' : 'off'),
    ours('Workers', `up to ${count(fleet.streamsPerWorker)} streams each, at most ${count(fleet.maxWorkers)}`),
    ours(
      'Deadlines',
      `connect ${formatDuration(deadlines.connect)}, first token ${formatDuration(deadlines.firstToken)}, idle ${formatDuration(deadlines.idle)}, total ${formatDuration(deadlines.total)}`,
    ),
    ours('Seed', String(spec.seed)),
  ];
}

function doubts({ warnings }: ProbeFinding): SetupItem[] {
  return warnings.map((warning) => ours('Doubt', probeWarningTexts[warning]));
}

function runItems(report: Report): SetupItem[] {
  const { startedAtEpochMs, updatedAtEpochMs, machine, version, sweepId, ended, points } = report;
  const windowSeconds = points.reduce((sum, point) => sum + point.windowSeconds, 0);
  return [
    theirs('Sweep', sweepId),
    ours('Started', utc(startedAtEpochMs)),
    ours(ended === null ? 'As of' : 'Ended', utc(updatedAtEpochMs)),
    ours(
      'Duration',
      `${formatDuration(updatedAtEpochMs - startedAtEpochMs)}${windowSeconds > 0 ? `, ${percent((windowSeconds * 1000) / Math.max(1, updatedAtEpochMs - startedAtEpochMs))} of it measured` : ''}`,
    ),
    stateItem(report),
    ours('Paretoken', version),
    machine === null
      ? ours('Machine', 'not reported yet')
      : theirs(
          'Machine',
          `Node ${machine.node}, ${machine.platform}, ${count(machine.cpus)} ${machine.cpus === 1 ? 'core' : 'cores'}`,
        ),
  ];
}

/** What happened stands in the answer unless all went well. */
function stateItem(report: Report): SetupItem {
  const { label, tone } = statusOf(report);
  const detail = tone === 'calm' ? (report.ended?.detail ?? null) : null;
  return detail === null ? ours('State', label) : theirs('State', `${label}: ${detail}`);
}
