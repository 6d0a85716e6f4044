import type { Ending } from '../timing/outcome.ts';
import type { Answer } from './answer.ts';
import { type AnswerBody, answerBody } from './answer-body.ts';
import { endingOf } from './answer-ending.ts';
import { type AnswerHeaders, requestIdOf } from './answer-headers.ts';
import { answerOf } from './answer-of.ts';
import { AnswerTally } from './answer-tally.ts';
import type { Dialect } from './dialect.ts';
import { foreignText } from './foreign-text.ts';
import { retryAfterMs } from './retry-after.ts';
import type { Place } from './token-times.ts';

export interface AnswerReaderOptions {
  readonly dialect: Dialect;
  readonly streamAsked: boolean;
  /** Wall time in milliseconds since the epoch, for a `retry-after` that is a date. */
  nowEpochMs(): number;
  /** Takes the resolved secret out of foreign text, before that is cleaned and cut. */
  scrub?(text: string): string;
}

/**
 * From what a connection tells to an `Answer`. Callbacks of the transport only store; `parse` reads what is stored,
 * whenever the loop has time, by the stamps under which it came.
 */
export interface AnswerReader {
  headers(atUs: number, status: number, headers: AnswerHeaders): void;
  /** A chunk that is `coalesced` belongs to the read of the chunk before and shares its stamp. */
  chunk(atUs: number, bytes: Uint8Array, coalesced: boolean): void;
  parse(): void;
  /** The body ended cleanly. */
  ended(atUs: number): void;
  /** The transport failed; `ending` holds unless the answer was complete. */
  failed(atUs: number, ending: Ending): void;
  /** We end it, by a deadline or a stop; `ending` holds unless the answer was complete. */
  cut(ending: Ending): void;
  /** The answer is over, whatever the connection does; as of the last `parse`. */
  readonly terminal: boolean;
  readonly firstTokenSeen: boolean;
  /** A stream was asked for, and nothing that has come says that there is none. */
  readonly streamExpected: boolean;
  readonly lastByteUs: number | null;
  /** Terminal event, else clean end of the body. */
  readonly endUs: number | null;
  /** Everything that the answer turned out to be; nothing told afterwards changes it. */
  result(): Answer;
}

/** More unread bytes than this are read at once: memory goes before the stamps of other requests. */
const mostUnreadBytes = 8 * 1024 * 1024;
/** What a chunk costs in memory beside its bytes. */
const chunkCharge = 128;

export function answerReader(options: AnswerReaderOptions): AnswerReader {
  return new Reader(options);
}

class Reader implements AnswerReader {
  readonly #options: AnswerReaderOptions;
  readonly #tally = new AnswerTally();
  #head: { readonly atUs: number; readonly status: number; readonly headers: AnswerHeaders } | null = null;
  #body: AnswerBody | null = null;
  #retryAfterMs: number | null = null;
  /** Chunks not yet parsed, and the place of each; chunks of one read share theirs. */
  #unread: Uint8Array[] = [];
  #places: Place[] = [];
  #unreadBytes = 0;
  #place: Place | null = null;
  #endedUs: number | null = null;
  #broken: Ending | null = null;
  #answer: Answer | null = null;

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
  }

  headers(atUs: number, status: number, headers: AnswerHeaders): void {
    const { dialect, streamAsked, nowEpochMs } = this.#options;
    const asked = streamAsked ? 'stream' : 'whole';
    this.#head = { atUs, status, headers };
    this.#body = answerBody({ dialect, tally: this.#tally, asked, status, headers });
    this.#retryAfterMs = retryAfterMs(headers, nowEpochMs());
  }

  chunk(atUs: number, bytes: Uint8Array, coalesced: boolean): void {
    if (!coalesced || this.#place === null) this.#place = { atUs, read: (this.#place?.read ?? -1) + 1 };
    if (this.#tally.terminal || this.#over) return;
    this.#unread.push(bytes);
    this.#places.push(this.#place);
    this.#unreadBytes += bytes.length + chunkCharge;
    if (this.#unreadBytes > mostUnreadBytes) this.parse();
  }

  parse(): void {
    if (this.#unread.length === 0) return;
    const unread = this.#unread;
    const places = this.#places;
    this.#unread = [];
    this.#places = [];
    this.#unreadBytes = 0;
    for (let from = 0, to = 0; from < unread.length; from = to) {
      const place = places[from];
      if (place === undefined) return;
      while (to < unread.length && places[to] === place) to += 1;
      // What came in one read is decoded at once.
      const chunks = to - from === unread.length ? unread : unread.slice(from, to);
      this.#body?.push(chunks[0] !== undefined && chunks.length === 1 ? chunks[0] : Buffer.concat(chunks), place);
    }
  }

  ended(atUs: number): void {
    if (!this.#over) this.#endedUs = atUs;
  }

  failed(_atUs: number, ending: Ending): void {
    if (!this.#over) this.#broken = ending;
  }

  cut(ending: Ending): void {
    if (!this.#over) this.#broken = ending;
  }

  get #over(): boolean {
    return this.#answer !== null || this.#endedUs !== null || this.#broken !== null;
  }

  get terminal(): boolean {
    return this.#tally.terminal;
  }

  get firstTokenSeen(): boolean {
    return this.#tally.tokens.atUs.length > 0;
  }

  get streamExpected(): boolean {
    const kind = this.#body?.kind ?? null;
    return this.#options.streamAsked && (kind === null || kind === 'stream');
  }

  get lastByteUs(): number | null {
    return this.#place?.atUs ?? null;
  }

  get endUs(): number | null {
    return this.#over ? this.result().endUs : this.#tally.terminalUs;
  }

  result(): Answer {
    this.#answer ??= this.#conclude();
    return this.#answer;
  }

  #conclude(): Answer {
    this.parse();
    const body = this.#body;
    const tally = this.#tally;
    body?.end();
    if (body?.kind === 'whole' && !body.tooLong) tally.whole(this.#options.dialect.readWhole(body.text()));
    const requestId = this.#head === null ? null : requestIdOf(this.#head.headers);
    return answerOf({
      ending: this.#ending(),
      httpStatus: this.#head?.status ?? null,
      headersUs: this.#head?.atUs ?? null,
      endUs: tally.terminalUs ?? this.#endedUs ?? (tally.wholeRead ? this.lastByteUs : null),
      retryAfterMs: this.#retryAfterMs,
      endpointRequestId: requestId === null ? null : this.#words(requestId),
      body,
      tally,
      words: (text) => this.#words(text),
    });
  }

  #ending(): Ending {
    const never: Ending = { outcome: 'unknown', detail: null, message: 'the connection ended without an answer' };
    const broken = this.#broken ?? (this.#endedUs === null ? never : null);
    if (this.#head === null || this.#body === null) return broken ?? never;
    return endingOf({
      status: this.#head.status,
      headers: this.#head.headers,
      body: this.#body,
      tally: this.#tally,
      broken,
      words: (text) => this.#words(text),
      scrub: (text) => this.#scrub(text),
    });
  }

  #scrub(text: string): string {
    return this.#options.scrub?.(text) ?? text;
  }

  #words(text: string): string {
    return foreignText(this.#scrub(text));
  }
}
