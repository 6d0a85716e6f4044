import type { Ended } from './ended.ts';
import { lostProbe, probeFailureText } from './probe-failure-text.ts';
import type { Verdict } from './verdict.ts';

/** How a failed probe ends the sweep: with the endpoint's own words and what to do. Null when the probe passed. */
export function endOfProbe({ probe }: Verdict): Ended | null {
  if (probe?.ok) return null;
  const { happened, remedy } = probe ? probeFailureText(probe) : lostProbe;
  const words = probe?.failure?.message ?? '';
  return {
    reason: 'probe_failed',
    detail: [happened, words === '' ? '' : `It said: “${words}”.`, remedy].filter(Boolean).join(' '),
  };
}
