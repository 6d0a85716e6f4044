import type { ProbeFinding } from '../plan/probe-finding.ts';
import type { Auth } from '../spec/auth.ts';
import { formatDuration } from '../spec/duration.ts';
import { count, percent, utc } from './format.ts';
import { provisionedText } from './guidance/provisioned.ts';
import { loadItems } from './load-items.ts';
import { probeItems } from './probe-items.ts';
import { probeWarningTexts } from './probe-texts.ts';
import type { Report } from './report.ts';
import { ours, type SetupItem, theirs } from './setup-item.ts';
import { statusOf } from './status.ts';
import { costText, usageText } from './usage-texts.ts';

export interface SetupGroup {
  readonly title: string;
  readonly items: readonly SetupItem[];
}

/** What was measured, how, from where and when. */
export function setupOf(report: Report): readonly SetupGroup[] {
  return [
    { title: 'Endpoint', items: endpointItems(report) },
    { title: 'Load', items: loadItems(report.spec) },
    { title: 'Probe', items: report.probe === null ? [] : [...probeItems(report.probe), ...doubts(report.probe)] },
    { title: 'Run', items: runItems(report) },
  ].filter(({ items }) => items.length > 0);
}

function endpointItems({ target, spec }: Report): SetupItem[] {
  const { auth, headers, parameters, provisionedTokensPerSecond: provisioned } = spec.target;
  const names = Object.keys(headers);
  return [
    theirs('Address', target.url),
    target.model === null ? ours('Model', 'not named in the request') : theirs('Model', target.model),
    auth === null ? ours('Key', 'none') : theirs('Key', `from ${placeOfKey(auth)}, in the header ${auth.header}`),
    ...(names.length === 0 ? [] : [theirs('Headers', names.map((name) => `${name}: ${headers[name]}`).join(', '))]),
    ...(Object.keys(parameters).length === 0 ? [] : [theirs('Parameters', JSON.stringify(parameters))]),
    ...(provisioned ? [ours('Provisioned', provisionedText(provisioned))] : []),
  ];
}

function placeOfKey(auth: Auth): string {
  if ('env' in auth) return `the environment variable ${auth.env}`;
  if ('parameter' in auth) return `the parameter ${auth.parameter}`;
  return `${auth.field === null ? '' : `the field ${auth.field} of `}the secret ${auth.secret}`;
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
    ...usageItems(report),
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

/** What the sweep used in all, and what that cost. */
function usageItems({ usage, cost }: Report): SetupItem[] {
  if (usage === null) return [ours('Sent in all', 'not known')];
  return [ours('Sent in all', usageText(usage)), ...(cost === null ? [] : [ours('Cost', costText(cost))])];
}

/** How it came to its end stands beside the answer. */
function stateItem(report: Report): SetupItem {
  return ours('State', statusOf(report).label);
}
