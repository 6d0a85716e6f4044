import { sseParser } from '../stream/sse.ts';
import type { AnswerTally } from './answer-tally.ts';
import type { Dialect, Signal } from './dialect.ts';
import { repeatedEventReader } from './repeated-event.ts';
import type { Place } from './token-times.ts';

/** An event stream on its way from bytes into the tally. */
export interface EventReader {
  push(bytes: Uint8Array, place: Place): void;
  /** The body is over; an event that still waits for its blank line counts where the last bytes came. */
  end(): void;
  /** The last event lacked its blank line. */
  readonly unterminated: boolean;
  /** Data of the first malformed event; foreign. */
  readonly firstMalformed: string | null;
}

/** Reads by the dialect until the terminal event; what follows it is parsed and forgotten. */
export function eventReader(dialect: Dialect, tally: AnswerTally): EventReader {
  let place: Place = { atUs: 0, read: -1 };
  let unterminated = false;
  let firstMalformed: string | null = null;

  const read = repeatedEventReader(dialect);
  const take = (signals: readonly Signal[], data: string) => {
    // Data that says nothing is no event.
    if (data === '' && signals.length === 0) return;
    if (firstMalformed === null && isMalformed(signals)) firstMalformed = data;
    tally.event(signals, place);
  };
  const parser = sseParser({
    event(type, data) {
      if (!tally.terminal) take(read(type, data), data);
    },
    unterminated(type, data) {
      if (tally.terminal) return;
      unterminated = true;
      const signals = read(type, data);
      // Half an event is not malformed: it is what the end of the body cut off.
      if (!isMalformed(signals)) take(signals, data);
    },
    oversized() {
      if (!tally.terminal) tally.dropped(place);
    },
  });

  return {
    push(bytes, at) {
      place = at;
      parser.push(bytes);
    },
    end: () => parser.end(),
    get unterminated() {
      return unterminated;
    },
    get firstMalformed() {
      return firstMalformed;
    },
  };
}

function isMalformed(signals: readonly Signal[]): boolean {
  return signals[0]?.kind === 'malformed';
}
