import type { Lengths } from '../../lib/mock/closed-form.ts';
import type { Engine } from '../../lib/mock/engine.ts';
import type { Clock } from '../../lib/timing/clock.ts';

export interface ClosedLoop {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly lengths: Lengths;
  /** Streams, each of which sends its next request as soon as it has its answer. */
  readonly level: number;
  /** Starts are spread evenly over this time. */
  readonly spreadUs: number;
  readonly windowStartsUs: number;
  readonly windowEndsUs: number;
}

/** What the streams saw of the answers that ended in the window, in milliseconds, and of all tokens in it. */
export interface Seen {
  readonly ttftMs: number[];
  readonly tpotMs: number[];
  readonly latencyMs: number[];
  tokens: number;
}

/** Sets the streams going; what they saw fills up while the clock runs, and the last answers end after the window. */
export function startClosedLoop(loop: ClosedLoop): Seen {
  const seen: Seen = { ttftMs: [], tpotMs: [], latencyMs: [], tokens: 0 };
  const startUs = loop.clock.nowUs();
  for (let stream = 0; stream < loop.level; stream++) {
    const dueUs = startUs + Math.round((loop.spreadUs * stream) / loop.level);
    loop.clock.callAt(dueUs, () => sendNext(loop, seen, `${stream}`, 0));
  }
  return seen;
}

function sendNext(loop: ClosedLoop, seen: Seen, stream: string, round: number): void {
  const { clock, engine, lengths } = loop;
  const inWindow = (atUs: number) => atUs >= loop.windowStartsUs && atUs < loop.windowEndsUs;
  const sentUs = clock.nowUs();
  let firstUs = sentUs;
  engine.answer(
    { id: `${stream}-${round}`, ...lengths },
    {
      token(index, atUs) {
        if (index === 0) firstUs = atUs;
        if (inWindow(atUs)) seen.tokens += 1;
      },
      finished(atUs) {
        if (atUs >= loop.windowEndsUs) return;
        if (inWindow(atUs)) {
          seen.ttftMs.push((firstUs - sentUs) / 1000);
          seen.tpotMs.push((atUs - firstUs) / 1000 / (lengths.outputTokens - 1));
          seen.latencyMs.push((atUs - sentUs) / 1000);
        }
        sendNext(loop, seen, stream, round + 1);
      },
    },
  );
}
