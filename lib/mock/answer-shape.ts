import type { BreakOff } from './answer-sink.ts';
import type { Reply } from './reply.ts';
import { plainWords, type WordList } from './word-list.ts';

/** Where an answer breaks. */
export interface Break {
  /** Tokens sent before it; 0: before the first event. */
  readonly afterTokens: number;
  /** An error event and a clean end, silence on an open connection, or a broken connection. */
  readonly how: 'error_event' | 'silence' | BreakOff;
}

/** How one answer is given; faults bend it away from the plain one. */
export interface AnswerShape {
  /** Added to the answer's headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** The server notices the request only then. */
  readonly startsAfterMs: number;
  /** Comes in place of the answer; `silence`: no byte ever, `reset`: the connection is reset before headers. */
  readonly instead: Reply | 'silence' | 'reset' | null;
  /** Streams if asked to; else the whole answer comes as JSON even then. */
  readonly streams: boolean;
  readonly tellsUsage: boolean;
  readonly sendsDone: boolean;
  readonly words: WordList;
  /** Comment lines in the stream, this far apart, from its headers to its end. */
  readonly commentEveryMs: number | null;
  /** Everything leaves in one write at the end. */
  readonly buffered: boolean;
  /** The connection stays open after the end of the answer. */
  readonly heldOpen: boolean;
  readonly breaks: Break | null;
}

export const plainAnswer: AnswerShape = {
  headers: {},
  startsAfterMs: 0,
  instead: null,
  streams: true,
  tellsUsage: true,
  sendsDone: true,
  words: plainWords,
  commentEveryMs: null,
  buffered: false,
  heldOpen: false,
  breaks: null,
};
