import type { Clock } from '../timing/clock.ts';
import type { AnswerSink, TokenSink } from './answer-sink.ts';
import type { Journal, JournalEntry } from './journal.ts';

/** Writes down what passes on its way to `sink`: stamped just before it is handed over, so no client sees it earlier. */
export function journaledSink(sink: AnswerSink, clock: Clock, journal: Journal, entry: JournalEntry): TokenSink {
  return {
    headers(status, headers) {
      entry.status = status;
      entry.headersUs = clock.nowUs();
      sink.headers(status, headers);
    },
    chunk(bytes, tokens) {
      const atUs = clock.nowUs();
      entry.outputTokens += tokens;
      if (entry.streamed) for (let token = 0; token < tokens; token++) entry.sendUs.push(atUs);
      sink.chunk(bytes);
    },
    ended() {
      entry.finishedUs = clock.nowUs();
      journal.close(entry, 'finished');
      sink.ended();
    },
    failed(how) {
      journal.close(entry, 'broken');
      sink.failed(how);
    },
  };
}
