import { type Ending, okEnding } from '../timing/outcome.ts';
import type { AnswerBody } from './answer-body.ts';
import { type AnswerHeaders, headerOf } from './answer-headers.ts';
import type { AnswerTally, ErrorSignal } from './answer-tally.ts';
import { longestBody } from './content-encoding.ts';
import { isRecord, parseJson } from './json.ts';
import { refusalEnding } from './refusal.ts';

/** An answer when nothing more will come of it. */
export interface OverAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody;
  readonly tally: AnswerTally;
  /** Null: the body ended cleanly; else why it was broken off or cut. */
  readonly broken: Ending | null;
  /** Foreign words, scrubbed and cut. */
  words(text: string): string;
  /** Foreign text, scrubbed but whole. */
  scrub(text: string): string;
}

/** How an answer ended: the errors-and-endings table. What the endpoint said goes before what became of the connection. */
export function endingOf(over: OverAnswer): Ending {
  const { status, headers, body, tally, broken, scrub } = over;
  if (tally.error !== null) return errorEnding(tally.error, over);
  if (tally.done) return streamedEnding(over);
  switch (body.kind) {
    case 'refused': {
      const location = headerOf(headers, 'location');
      return refusalEnding({ status, body: scrub(body.text()), location: location === null ? null : scrub(location) });
    }
    case 'undecodable':
      return { outcome: 'bad_content_type', detail: over.words(body.encoding ?? ''), message: undecodable };
    case 'whole':
      return wholeEnding(over);
    case 'stream':
      if (broken !== null) return broken;
      return tally.finishReason !== null || tally.usageEndsIt ? streamedEnding(over) : truncatedEnding(over);
    default:
      return foreignEnding(over);
  }
}

const undecodable = 'the answer is compressed, which was not asked for, and cannot be read';

function errorEnding({ type, message, throttled }: ErrorSignal, { words }: OverAnswer): Ending {
  const detail = type === null ? null : words(type);
  return { outcome: throttled ? 'throttled' : 'stream_error', detail, message: words(message) };
}

/** A stream that came to its end; one of which nothing could be read is no success. */
function streamedEnding({ tally, body, words }: OverAnswer): Ending {
  const readable = tally.events - tally.malformedEvents - (tally.done ? 1 : 0);
  if (tally.malformedEvents === 0 || readable > 0) return okEnding;
  return unknown(words(`no event of the stream could be read; the first: ${body.events.firstMalformed ?? ''}`));
}

function truncatedEnding({ tally, body, words }: OverAnswer): Ending {
  const malformed = body.events.firstMalformed;
  const said = malformed === null ? '' : `; in it: ${malformed}`;
  const message =
    tally.events === 0
      ? 'the stream ended before its first event'
      : `the stream ended without a finish reason, a last usage or [DONE]${said}`;
  return { outcome: 'truncated', detail: null, message: words(message) };
}

/** An answer in one piece: ok as soon as all of it is there, whatever became of the connection. */
function wholeEnding({ tally, body, broken, words }: OverAnswer): Ending {
  if (body.tooLong) return unknown(`the answer is longer than ${longestBody / 2 ** 20} MiB`);
  if (tally.wholeRead) return okEnding;
  if (broken !== null) return broken;
  const text = body.text();
  if (isRecord(parseJson(text))) return unknown(words(`the answer holds no choices: ${text}`));
  const message = text.trim() === '' ? 'the body is empty' : words(`the body is no whole JSON: ${text}`);
  return { outcome: 'truncated', detail: null, message };
}

function foreignEnding({ body, headers, broken, words }: OverAnswer): Ending {
  const message = words(body.text());
  if (message === '' && broken !== null) return broken;
  const detail = words(headerOf(headers, 'content-type') ?? 'none');
  return { outcome: 'bad_content_type', detail, message: message === '' ? 'the body is empty' : message };
}

function unknown(message: string): Ending {
  return { outcome: 'unknown', detail: null, message };
}
