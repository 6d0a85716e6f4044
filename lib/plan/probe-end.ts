import type { Ended } from './ended.ts';
import type { ProbeFailure } from './probe-finding.ts';
import type { Verdict } from './verdict.ts';

/** How a failed probe ends the sweep: with the endpoint's own words and what to do. Null when the probe passed. */
export function endOfProbe({ probe }: Verdict): Ended | null {
  if (probe?.ok) return null;
  const failure = probe?.failure ?? null;
  if (!failure) return { reason: 'probe_failed', detail: 'The worker of the probe was lost before it could report.' };
  const said = failure.message === null || failure.message === '' ? '' : ` It said: ${failure.message}`;
  return {
    reason: 'probe_failed',
    detail: `${whatHappened(failure, probe?.httpStatus ?? null)}${said} ${remedyFor(failure, probe?.httpStatus ?? null)}`,
  };
}

function whatHappened({ outcome, detail }: ProbeFailure, status: number | null): string {
  switch (outcome) {
    case 'connect_error':
      return `The endpoint could not be reached (${detail ?? 'no connection'}).`;
    case 'bad_content_type':
      return `The endpoint answered ${status ?? ''} with something that is no model's answer.`;
    case 'timeout':
      return `The endpoint did not answer in time (deadline: ${detail?.replace('_', ' ') ?? 'unknown'}).`;
    case 'http_error':
    case 'throttled':
      return `The endpoint answered with HTTP status ${status ?? 'unknown'}.`;
    default:
      return `The endpoint's answer failed (${outcome}).`;
  }
}

function remedyFor({ outcome }: ProbeFailure, status: number | null): string {
  if (outcome === 'connect_error') return 'Check target.url, and that the endpoint is running and reachable from here.';
  if (outcome === 'bad_content_type')
    return 'Check the path of target.url: it should be the address of chat completions.';
  if (outcome === 'timeout') return 'Check the endpoint, or raise the deadline in the spec.';
  if (outcome === 'throttled') return 'Wait, or ask for a higher limit before pressing harder.';
  if (status === 401 || status === 403)
    return 'Check the key: the environment variable named by target.auth.env, and its rights.';
  if (status === 404) return 'Check the path of target.url and target.model.';
  if (status === 400 || status === 422) return 'Check target.model, target.parameters and the lengths in workload.';
  if (status !== null && status >= 500) return "The fault is the endpoint's own: look at its logs.";
  return 'Check target.url and target.model.';
}
