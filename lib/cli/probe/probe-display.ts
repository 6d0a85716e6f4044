import { probeRequestsOf } from '../../plan/stage-design.ts';
import { visible } from '../../report/foreign-text.ts';
import { workloadText } from '../../report/workload-text.ts';
import { fitted } from '../../report/wrap.ts';
import { formatDuration } from '../../spec/duration.ts';
import type { Spec } from '../../spec/schema.ts';
import { openaiChat } from '../../target/openai-chat.ts';
import { systemClock } from '../../timing/clock.ts';
import type { NotReady } from '../../worker/not-ready.ts';
import { livingLine } from '../progress/living-line.ts';

export interface ProbeDisplay {
  /** A request is over. */
  next(): void;
  /** The endpoint is not ready and will be asked again; monotonic microseconds. */
  notReady(waiting: NotReady): void;
  close(): void;
}

/** `40s of at most 15m`. */
function waitText({ sinceUs, untilUs }: NotReady, nowUs: number): string {
  const most = `at most ${formatDuration((untilUs - sinceUs) / 1000)}`;
  return nowUs === sinceUs ? most : `${formatDuration((nowUs - sinceUs) / 1000)} of ${most}`;
}

/** Says on stderr who is asked, and on a terminal how long the answer has been waited for. */
export function watchProbe({ target, workload, deadlines }: Spec, output: 'text' | 'json'): ProbeDisplay {
  if (output === 'json') return { next: () => undefined, notReady: () => undefined, close: () => undefined };
  const clock = systemClock();
  const asked = workloadText(workload);
  process.stderr.write(`Asking ${visible(openaiChat.endpoint(target.url))} (${asked}) …\n`);
  let request = 1;
  const requests = probeRequestsOf(workload);
  let sinceUs = clock.nowUs();
  const most = Math.round(deadlines.total / 1000);
  let waiting: NotReady | null = null;
  const line = livingLine(clock, () => {
    const nowUs = clock.nowUs();
    const waited = Math.floor((nowUs - sinceUs) / 1e6);
    if (waiting !== null) return fitted(`Not ready · ${waitText(waiting, nowUs)}`, (process.stderr.columns ?? 80) - 1);
    const text = `Request ${Math.min(request, requests)} of ${requests} · ${waited} s of at most ${most} s`;
    return fitted(text, (process.stderr.columns ?? 80) - 1);
  });
  return {
    next() {
      request += 1;
      sinceUs = clock.nowUs();
    },
    notReady(now) {
      // What was refused so is asked again.
      request -= 1;
      if (waiting === null) process.stderr.write(`Not ready (503): waiting ${waitText(now, now.sinceUs)} …\n`);
      waiting = now;
    },
    close: line.close,
  };
}
