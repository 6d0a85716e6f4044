import { formatDuration } from '../spec/duration.ts';
import type { ProbeFailure, ProbeFinding } from './probe-finding.ts';

/** Why the endpoint could not be measured at all, and what to do. */
export interface ProbeFailureText {
  readonly happened: string;
  readonly remedy: string;
}

/** A failed probe in plain words; the endpoint's own stand in `failure.message`. */
export function probeFailureText({ failure, httpStatus, waitedMs }: ProbeFinding): ProbeFailureText {
  if (failure === null) return lostProbe;
  if (httpStatus === 503 && waitedMs != null) return neverReady(waitedMs);
  return { happened: whatHappened(failure, httpStatus), remedy: remedyOf(failure, httpStatus) };
}

export const lostProbe: ProbeFailureText = {
  happened: 'The probe was lost before it could report.',
  remedy: 'Run the sweep again; if that fails too, look at the log of the probe’s worker.',
};

function neverReady(waitedMs: number): ProbeFailureText {
  return {
    happened: `The endpoint was not ready: it answered with HTTP status 503 for ${formatDuration(waitedMs)}.`,
    remedy: 'Raise target.readyWithin if it takes longer to start; else look at its log.',
  };
}

function whatHappened({ outcome, detail }: ProbeFailure, status: number | null): string {
  const why = detail === null ? '' : ` (${detail.replaceAll('_', ' ')})`;
  switch (outcome) {
    case 'connect_error':
      return `No connection could be made to the endpoint${why}.`;
    case 'http_error':
      return `The endpoint answered with HTTP status ${status ?? 'unknown'}.`;
    case 'throttled':
      return 'The endpoint refused the very first requests for its rate limit.';
    case 'timeout':
      return `The endpoint did not answer in time${detail === null ? '' : ` (deadline: ${detail.replaceAll('_', ' ')})`}.`;
    case 'bad_content_type':
      return `The endpoint answered${status === null ? '' : ` ${status}`} with something that is no model’s answer, such as a web page.`;
    case 'stream_error':
      return `The endpoint reported an error inside its stream${why}.`;
    case 'truncated':
      return 'The endpoint’s answer broke off in the middle.';
    case 'reset_before_headers':
      return 'The endpoint closed the connection before it answered.';
    case 'not_exact':
      return 'Prompts of exactly the length that was asked for could not be made.';
    case 'not_sent':
      return 'Nothing could be sent to the endpoint.';
    default:
      return `The endpoint’s answer failed${why}.`;
  }
}

const remediesByStatus: Readonly<Record<number, string>> = {
  400: 'Check target.model, target.parameters and the lengths under workload: the endpoint did not accept the request.',
  401: 'Check the key: the environment variable that target.auth.env names, and target.auth.header.',
  403: 'Check the rights of the key: the environment variable that target.auth.env names.',
  404: 'Check the path of target.url, and target.model.',
  413: 'The prompt is too large: lower workload.inputTokens.',
  503: 'If it is only starting, let the probe wait for it: give target.readyWithin, such as 10m; else look at its log.',
  422: 'Check target.model, target.parameters and the lengths under workload: the endpoint did not accept the request.',
};

const remediesByOutcome: Readonly<Record<string, string>> = {
  not_exact:
    'Leave workload.exact out to measure with prompts that are nearly as long, or name another workload.inputTokens.',
  connect_error: 'Check target.url, and that the endpoint runs and can be reached from here.',
  throttled: 'Wait, or ask for a higher limit before pressing harder.',
  timeout: 'Check that the endpoint is up and warm, or raise the deadline under deadlines.',
  bad_content_type: 'Check the path of target.url: it should be the address of chat completions.',
  truncated: 'Look at the endpoint’s log and at proxies between here and there.',
  reset_before_headers: 'Look at the endpoint’s log and at proxies between here and there; check http against https.',
};

function remedyOf({ outcome }: ProbeFailure, status: number | null): string {
  const byOutcome = remediesByOutcome[outcome];
  if (byOutcome !== undefined) return byOutcome;
  if (outcome === 'not_sent') return '';
  if (status !== null && status >= 500 && status !== 503) return 'The fault is the endpoint’s own: look at its log.';
  return remediesByStatus[status ?? 0] ?? 'Check target.url and target.model, and look at the endpoint’s log.';
}
