import type { Auth } from '../spec/auth.ts';
import { formatDuration } from '../spec/duration.ts';
import type { ProbeFailure, ProbeFinding } from './probe-finding.ts';
import { isRedirect } from './whose-words.ts';

/** Why the endpoint could not be measured at all, and what to do. */
export interface ProbeFailureText {
  readonly happened: string;
  readonly remedy: string;
}

/**
 * A failed probe in plain words; the endpoint's own stand in `failure.message`.
 * @param auth the key that was sent; null: none
 */
export function probeFailureText(
  { failure, httpStatus, waitedMs }: ProbeFinding,
  { auth }: { readonly auth: Auth | null },
): ProbeFailureText {
  if (failure === null) return lostProbe;
  if (httpStatus === 503 && waitedMs != null) return neverReady(waitedMs);
  const happened = whatHappened(failure, httpStatus);
  const ofTheKey = failure.outcome === 'http_error' && (httpStatus === 401 || httpStatus === 403);
  return { happened, remedy: ofTheKey ? keyRemedy(auth, httpStatus) : remedyOf(failure, httpStatus) };
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
      if (isRedirect(status))
        return `The endpoint redirects (HTTP status ${status}), and redirects are never followed.`;
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
    case 'empty':
      return `The endpoint’s answers were empty: not one token came${detail === null ? '' : ` (finish reason: ${detail})`}.`;
    case 'unknown':
      return detail === notHttp ? 'What came back is no HTTP.' : `The endpoint’s answer failed${why}.`;
    default:
      return `The endpoint’s answer failed${why}.`;
  }
}

/** The detail of an outcome `unknown` where the bytes that came were no HTTP. */
const notHttp = 'not_http';

function keyRemedy(auth: Auth | null, status: number): string {
  if (auth === null) {
    return 'No key was sent: name the environment variable that holds it with --auth-env (target.auth.env), or for a sweep in the cloud its secret with --auth-secret (target.auth.secret).';
  }
  const rights =
    status === 403 ? 'and its rights' : `and the header that carries it, ${auth.header} (target.auth.header)`;
  return `Check the key in ${placeOf(auth)}, ${rights}.`;
}

/** `the environment variable LLM_KEY (target.auth.env)`. */
function placeOf(auth: Auth): string {
  if ('env' in auth) return `the environment variable ${auth.env} (target.auth.env)`;
  if ('secret' in auth) return `the secret ${auth.secret} (target.auth.secret)`;
  return `the parameter ${auth.parameter} (target.auth.parameter)`;
}

const remediesByStatus: Readonly<Record<number, string>> = {
  400: 'Check target.model, target.parameters and the lengths under workload: the endpoint did not accept the request.',
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
  empty:
    'Ask the endpoint by hand for an answer, and check target.model and target.parameters; a model that reasons in hidden needs a higher workload.outputTokens.',
  truncated: 'Look at the endpoint’s log and at proxies between here and there.',
  reset_before_headers: 'Look at the endpoint’s log and at proxies between here and there; check http against https.',
};

function remedyOf({ outcome, detail }: ProbeFailure, status: number | null): string {
  const byOutcome = remediesByOutcome[outcome];
  if (byOutcome !== undefined) return byOutcome;
  if (outcome === 'not_sent') return '';
  if (detail === notHttp) return 'Check the port and the scheme (http or https) of target.url.';
  if (isRedirect(status)) {
    return 'Name the address that it redirects to as target.url; if that is a page to sign in, check the key.';
  }
  if (status !== null && status >= 500 && status !== 503) return 'The fault is the endpoint’s own: look at its log.';
  return remediesByStatus[status ?? 0] ?? 'Check target.url and target.model, and look at the endpoint’s log.';
}
