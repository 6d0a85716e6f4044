import type { AnswerShape, Break } from './answer-shape.ts';
import { openAiError, rateLimitError, serverErrorWords } from './openai-error.ts';
import { hostileText, hostileWords } from './word-list.ts';

/** What a fault may look at before it bends an answer. */
export interface Asked {
  readonly outputTokens: number;
  readonly hasStreamOptions: boolean;
  readonly authorization: string | undefined;
}

interface Fault {
  /** One line for people. */
  readonly doc: string;
  /** What the number after `=` means and what it is by default; null where the fault takes none. */
  readonly amount: { readonly means: string; readonly byDefault: number | 'half of the answer' } | null;
  bend(shape: AnswerShape, amount: number, asked: Asked): AnswerShape;
}

const afterTokens = { means: 'tokens sent before it', byDefault: 'half of the answer' } as const;
const breaking = (how: Break['how']) => (shape: AnswerShape, amount: number, asked: Asked) => ({
  ...shape,
  breaks: { afterTokens: Math.min(amount, asked.outputTokens), how },
});

/** Every fault and quirk on demand, by the name under which an option or a header asks for it. */
export const faults = {
  throttled: {
    doc: '429 with retry-after.',
    amount: { means: 'seconds of retry-after', byDefault: 1 },
    bend: (shape, seconds) => ({ ...shape, instead: rateLimitError(seconds, 'Rate limit reached for requests.') }),
  },
  error_500: {
    doc: '500 with an error body.',
    amount: null,
    bend: (shape) => ({ ...shape, instead: openAiError(500, serverErrorWords) }),
  },
  error_503: {
    doc: '503: the engine is overloaded.',
    amount: null,
    bend: (shape) => ({
      ...shape,
      instead: openAiError(503, { ...serverErrorWords, message: 'The engine is currently overloaded.' }),
    }),
  },
  hostile_error: {
    doc: '400 whose message holds markup and terminal escape sequences.',
    amount: null,
    bend: (shape) => ({ ...shape, instead: openAiError(400, { message: hostileText.join(' ') }) }),
  },
  echo_key: {
    doc: '401 that repeats the whole authorization header in its message.',
    amount: null,
    bend: (shape, _, asked) => ({
      ...shape,
      instead: openAiError(401, { message: `Incorrect API key provided: ${asked.authorization ?? '(none)'}.` }),
    }),
  },
  html: {
    doc: '200 with a web page, as a login proxy answers.',
    amount: null,
    bend: (shape) => ({
      ...shape,
      instead: {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><title>Sign in</title><p>Please sign in.</p>\n',
      },
    }),
  },
  refuse_stream_options: {
    doc: '400 to requests with stream_options.',
    amount: null,
    bend: (shape, _, asked) => {
      if (!asked.hasStreamOptions) return shape;
      const message = 'Unrecognized request argument supplied: stream_options';
      return { ...shape, instead: openAiError(400, { message }) };
    },
  },
  hang_before_headers: {
    doc: 'No byte ever; the connection stays open.',
    amount: null,
    bend: (shape) => ({ ...shape, instead: 'silence' }),
  },
  reset_before_headers: {
    doc: 'The connection is reset before any byte.',
    amount: null,
    bend: (shape) => ({ ...shape, instead: 'reset' }),
  },
  slow_headers: {
    doc: 'The server notices the request only after a while.',
    amount: { means: 'milliseconds', byDefault: 2000 },
    bend: (shape, ms) => ({ ...shape, startsAfterMs: ms }),
  },
  stream_error: {
    doc: 'An error event in the stream, then a clean end.',
    amount: afterTokens,
    bend: breaking('error_event'),
  },
  truncated: {
    doc: 'The connection is closed in the middle of the answer.',
    amount: afterTokens,
    bend: breaking('cut'),
  },
  reset_mid_stream: {
    doc: 'The connection is reset in the middle of the answer.',
    amount: afterTokens,
    bend: breaking('reset'),
  },
  stall: {
    doc: 'Silence from the middle of the answer on; the connection stays open.',
    amount: afterTokens,
    bend: breaking('silence'),
  },
  not_streamed: {
    doc: 'One JSON answer though a stream was asked for.',
    amount: null,
    bend: (shape) => ({ ...shape, streams: false }),
  },
  buffered: {
    doc: 'Headers and the whole stream in one write at the end, as through a buffering proxy.',
    amount: null,
    bend: (shape) => ({ ...shape, buffered: true }),
  },
  no_usage: {
    doc: 'Usage is never told.',
    amount: null,
    bend: (shape) => ({ ...shape, tellsUsage: false }),
  },
  no_done: {
    doc: 'The stream ends without [DONE].',
    amount: null,
    bend: (shape) => ({ ...shape, sendsDone: false }),
  },
  held_open: {
    doc: 'The connection is held open after the end of the answer.',
    amount: null,
    bend: (shape) => ({ ...shape, heldOpen: true }),
  },
  comments: {
    doc: 'Comment lines in the stream, from its headers on.',
    amount: { means: 'milliseconds between them', byDefault: 100 },
    bend: (shape, ms) => ({ ...shape, commentEveryMs: Math.max(1, ms) }),
  },
  hostile_words: {
    doc: 'Markup and terminal escape sequences as the words of the answer.',
    amount: null,
    bend: (shape) => ({ ...shape, words: hostileWords }),
  },
  connection_close: {
    doc: 'Each answer closes its connection.',
    amount: null,
    bend: (shape) => ({ ...shape, headers: { ...shape.headers, connection: 'close' } }),
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultKind = keyof typeof faults;

export function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(faults, name);
}

/** One fault to be applied, with its number if one was given. */
export interface ChosenFault {
  readonly kind: FaultKind;
  readonly amount: number | null;
}

/** The shape of an answer under its faults, applied one after another. */
export function bendShape(shape: AnswerShape, chosen: readonly ChosenFault[], asked: Asked): AnswerShape {
  let bent = shape;
  for (const { kind, amount } of chosen) {
    const fault: Fault = faults[kind];
    const byDefault = fault.amount?.byDefault ?? 0;
    const half = Math.ceil(asked.outputTokens / 2);
    bent = fault.bend(bent, amount ?? (byDefault === 'half of the answer' ? half : byDefault), asked);
  }
  return bent;
}
