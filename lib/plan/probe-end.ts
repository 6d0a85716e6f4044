import type { Ended } from './ended.ts';
import { lostProbe, probeFailureText } from './probe-failure-text.ts';
import type { ProbeFailure } from './probe-finding.ts';
import type { Verdict } from './verdict.ts';

/** How a failed probe ends the sweep: with the endpoint's own words and what to do. Null when the probe passed. */
export function endOfProbe({ probe }: Verdict): Ended | null {
  if (probe?.ok) return null;
  const { happened, remedy } = probe ? probeFailureText(probe) : lostProbe;
  return {
    reason: 'probe_failed',
    detail: [happened, wordsOf(probe?.failure ?? null), remedy].filter(Boolean).join(' '),
  };
}

/** The endpoint's own words, or ours where nothing was sent. */
function wordsOf(failure: ProbeFailure | null): string {
  const message = failure?.message ?? '';
  if (message === '') return '';
  return isOurs(failure?.outcome) ? `Why: ${message}.` : `It said: “${message}”.`;
}

/** Outcomes that the probe itself came to. */
const isOurs = (outcome: string | undefined) => outcome === 'not_sent' || outcome === 'not_exact';
