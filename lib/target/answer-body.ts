import { type AnswerHeaders, headerOf } from './answer-headers.ts';
import type { AnswerTally } from './answer-tally.ts';
import { type BodyKind, bodyKind, decidingBytes, kindByLabel } from './body-kind.ts';
import { decodeBody, encodingOf, longestBody } from './content-encoding.ts';
import type { Dialect } from './dialect.ts';
import { type EventReader, eventReader } from './event-reader.ts';
import { type KeptBytes, keptBytes } from './kept-bytes.ts';
import type { Place } from './token-times.ts';

/** Of a body that is only quoted, so much is kept. */
const quotedBytes = 64 * 1024;

export interface BodyOptions {
  readonly dialect: Dialect;
  readonly tally: AnswerTally;
  readonly asked: 'stream' | 'whole';
  readonly status: number;
  readonly headers: AnswerHeaders;
}

/** The body of an answer, read by what it turns out to be. */
export interface AnswerBody {
  push(bytes: Uint8Array, place: Place): void;
  /** No byte comes any more. */
  end(): void;
  /** `refused`: the status is not 2xx; `undecodable`: an encoding nobody asked for cannot be undone. Null: undecided. */
  readonly kind: BodyKind | 'refused' | 'undecodable' | null;
  readonly encoding: string | null;
  /** The beginning of a body that is not a stream; foreign. */
  text(): string;
  readonly tooLong: boolean;
  readonly events: EventReader;
}

export function answerBody({ dialect, tally, asked, status, headers }: BodyOptions): AnswerBody {
  const refused = status < 200 || status > 299;
  const encoding = encodingOf(headerOf(headers, 'content-encoding'));
  const contentType = headerOf(headers, 'content-type');
  const events = eventReader(dialect, tally);
  const encoded = keptBytes(longestBody);
  let kind: AnswerBody['kind'] = refused ? 'refused' : null;
  let kept: KeptBytes = keptBytes(refused ? quotedBytes : decidingBytes);
  let waiting: [Uint8Array, Place][] = [];
  let lastPlace: Place | null = null;

  const route = (bytes: Uint8Array, place: Place) => {
    if (kind === 'stream') events.push(bytes, place);
    else kept.add(bytes);
  };
  const decide = (decided: BodyKind) => {
    kind = decided;
    kept = keptBytes(decided === 'whole' ? longestBody : quotedBytes);
    for (const [bytes, place] of waiting) route(bytes, place);
    waiting = [];
  };
  const pushPlain = (bytes: Uint8Array, place: Place) => {
    if (kind !== null) return route(bytes, place);
    waiting.push([bytes, place]);
    kept.add(bytes);
    const decided = bodyKind(kept.bytes(), contentType, asked);
    if (decided !== null) decide(decided);
  };
  const decode = (name: string) => {
    const plain = encoded.overflowed ? null : decodeBody(encoded.bytes(), name);
    if (plain !== null && lastPlace !== null) pushPlain(plain, lastPlace);
    if (plain === null && !refused) kind = 'undecodable';
  };

  return {
    push(bytes, place) {
      lastPlace = place;
      if (encoding === null) pushPlain(bytes, place);
      else encoded.add(bytes);
    },
    end() {
      if (encoding !== null) decode(encoding);
      if (kind === null) decide(kindByLabel(contentType, asked));
      if (kind === 'stream') events.end();
    },
    get kind() {
      return kind;
    },
    encoding,
    text: () => kept.bytes().toString(),
    get tooLong() {
      return kept.overflowed;
    },
    events,
  };
}
