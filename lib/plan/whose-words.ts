import type { ProbeFailure } from './probe-finding.ts';

/** Who said the message of a failed request. `ours`: what we made of what came, or of why nothing was sent. */
export type Speaker = 'endpoint' | 'system' | 'ours';

const speakers: Readonly<Record<string, Speaker>> = {
  not_sent: 'ours',
  not_exact: 'ours',
  empty: 'ours',
  unknown: 'ours',
  connect_error: 'system',
  reset_before_headers: 'system',
};

/** What stands before a message, by who said it. */
export const speakerLabels: Readonly<Record<Speaker, string>> = {
  endpoint: 'The endpoint’s own words',
  system: 'The system’s own words',
  ours: 'Why',
};

/** Whose words the message of a failure is: the endpoint's only where its answer held them. */
export function whoseWords({ outcome, detail, message }: ProbeFailure, httpStatus: number | null): Speaker {
  // The code of the connection's end, where that was not a clean one.
  if (outcome === 'truncated') return detail === null ? 'ours' : 'system';
  if (isRedirect(httpStatus) || (message !== null && /^status \d+ without a body$/.test(message))) return 'ours';
  return speakers[outcome] ?? 'endpoint';
}

export function isRedirect(httpStatus: number | null): boolean {
  return httpStatus !== null && httpStatus >= 300 && httpStatus < 400;
}
