import type { AnswerSink, BreakOff } from '../../lib/mock/answer-sink.ts';
import type { Clock } from '../../lib/timing/clock.ts';

/** An answer as it came, with times in microseconds since `originUs`. */
export interface Recording {
  status: number | null;
  headers: Readonly<Record<string, string>>;
  headersUs: number | null;
  readonly chunks: { readonly atUs: number; readonly text: string }[];
  end: 'ended' | BreakOff | null;
  endUs: number | null;
}

export function recordingSink(clock: Clock, originUs: number): { sink: AnswerSink; recording: Recording } {
  const recording: Recording = { status: null, headers: {}, headersUs: null, chunks: [], end: null, endUs: null };
  const sinceUs = () => clock.nowUs() - originUs;
  const end = (how: Recording['end']) => {
    recording.end = how;
    recording.endUs = sinceUs();
  };
  const sink: AnswerSink = {
    headers(status, headers) {
      Object.assign(recording, { status, headers, headersUs: sinceUs() });
    },
    chunk: (bytes) => void recording.chunks.push({ atUs: sinceUs(), text: Buffer.from(bytes).toString() }),
    ended: () => end('ended'),
    failed: (how) => end(how),
  };
  return { sink, recording };
}

export const textOf = (recording: Recording): string => recording.chunks.map(({ text }) => text).join('');
