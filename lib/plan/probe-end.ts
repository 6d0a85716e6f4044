import type { Target } from '../spec/target.ts';
import type { Ended } from './ended.ts';
import { lostProbe, probeFailureText } from './probe-failure-text.ts';
import type { ProbeFinding } from './probe-finding.ts';
import type { Verdict } from './verdict.ts';
import { speakerLabels, whoseWords } from './whose-words.ts';

/** How a failed probe ends the sweep: with the endpoint's own words and what to do. Null when the probe passed. */
export function endOfProbe({ probe }: Verdict, target: Pick<Target, 'auth'>): Ended | null {
  if (probe?.ok) return null;
  const { happened, remedy } = probe ? probeFailureText(probe, target) : lostProbe;
  return {
    reason: 'probe_failed',
    detail: [happened, wordsOf(probe), remedy].filter(Boolean).join(' '),
  };
}

/** What was said, and by whom. */
function wordsOf(probe: ProbeFinding | null): string {
  const message = probe?.failure?.message ?? '';
  if (!probe?.failure || message === '') return '';
  const speaker = whoseWords(probe.failure, probe.httpStatus);
  if (speaker === 'endpoint') return `It said: “${message}”.`;
  return speaker === 'ours' ? `Why: ${message}.` : `${speakerLabels[speaker]}: “${message}”.`;
}
