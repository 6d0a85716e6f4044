import { probeRequests } from '../plan/next-stage.ts';
import { visible } from '../report/foreign-text.ts';
import { fitted } from '../report/wrap.ts';
import type { Spec } from '../spec/schema.ts';
import { openaiChat } from '../target/openai-chat.ts';
import { systemClock } from '../timing/clock.ts';
import { livingLine } from './living-line.ts';

export interface ProbeDisplay {
  /** A request is over. */
  next(): void;
  close(): void;
}

/** Says on stderr who is asked, and on a terminal how long the answer has been waited for. */
export function watchProbe({ target, workload, deadlines }: Spec, output: 'text' | 'json'): ProbeDisplay {
  if (output === 'json') return { next: () => undefined, close: () => undefined };
  const clock = systemClock();
  const asked = `${workload.inputTokens} tokens in, up to ${workload.outputTokens} out`;
  process.stderr.write(`Asking ${visible(openaiChat.endpoint(target.url))} (${asked}) …\n`);
  let request = 1;
  let sinceUs = clock.nowUs();
  const most = Math.round(deadlines.total / 1000);
  const line = livingLine(clock, () => {
    const waited = Math.floor((clock.nowUs() - sinceUs) / 1e6);
    const text = `Request ${Math.min(request, probeRequests)} of ${probeRequests} · ${waited} s of at most ${most} s`;
    return fitted(text, (process.stderr.columns ?? 80) - 1);
  });
  return {
    next() {
      request += 1;
      sinceUs = clock.nowUs();
    },
    close: line.close,
  };
}
