import type { Signal, TokenKind, Usage } from './dialect.ts';
import { type Carried, type Place, tokenTimes } from './token-times.ts';
import { laterUsage, noUsage } from './usage.ts';

export type ErrorSignal = Extract<Signal, { kind: 'error' }>;

/** What the signals of one event say of that event. */
interface Taken extends Carried {
  readonly malformed: boolean;
}

/** What the signals of one answer add up to. Text in it is foreign and of any length. */
export class AnswerTally {
  readonly tokens = tokenTimes();
  usage: Usage = noUsage;
  /** The first error; it ends the answer. */
  error: ErrorSignal | null = null;
  done = false;
  /** Stamp of the event that ended the answer. */
  terminalUs: number | null = null;
  finishReason: string | null = null;
  /** An event of nothing but usage came after the last token: the answer was complete. */
  usageEndsIt = false;
  firstEventUs: number | null = null;
  events = 0;
  coalescedEvents = 0;
  malformedEvents = 0;
  endpointId: string | null = null;
  model: string | null = null;
  modelChanged = false;
  /** A whole answer was there and could be read. */
  wholeRead = false;
  wholeReasoning = false;
  #lastRead = -1;
  #last: (Taken & { readonly signals: readonly Signal[] }) | null = null;

  get terminal(): boolean {
    return this.terminalUs !== null;
  }

  /** One event of a stream. The caller sees to it that none follows the terminal one. */
  event(signals: readonly Signal[], place: Place): void {
    this.#count(place);
    // A reader gives the same signals again for an event that repeats the one before: taking them twice changes nothing.
    const taken = this.#last?.signals === signals ? this.#last : { signals, ...this.#take(signals) };
    this.#last = taken;
    if (taken.malformed) this.malformedEvents += 1;
    else this.firstEventUs ??= place.atUs;
    if (taken.kinds.length > 0) {
      this.usageEndsIt = false;
      this.tokens.add(place, taken);
    }
    if (this.done || this.error !== null) this.terminalUs = place.atUs;
  }

  /** An event that was dropped unread. */
  dropped(place: Place): void {
    this.#count(place);
    this.malformedEvents += 1;
  }

  /** A whole answer, in which no token has a time. */
  whole(signals: readonly Signal[]): void {
    const { kinds, malformed } = this.#take(signals);
    this.wholeRead = !malformed;
    this.wholeReasoning = kinds.includes('reasoning');
  }

  #count({ read }: Place): void {
    this.events += 1;
    if (read === this.#lastRead) this.coalescedEvents += 1;
    this.#lastRead = read;
  }

  #take(signals: readonly Signal[]): Taken {
    const kinds: TokenKind[] = [];
    let usage: Usage | null = null;
    let malformed = false;
    for (const signal of signals) {
      if (signal.kind === 'token') kinds.push(signal.of);
      else if (signal.kind === 'malformed') malformed = true;
      else if (signal.kind === 'usage') {
        usage = usage === null ? signal.usage : laterUsage(usage, signal.usage);
        this.usageEndsIt ||= signal.alone && signal.usage.outputTokens !== null;
      } else this.#takeWord(signal);
    }
    if (usage !== null) this.usage = laterUsage(this.usage, usage);
    return { kinds, usage, malformed };
  }

  #takeWord(signal: Exclude<Signal, { kind: 'token' | 'usage' | 'malformed' }>): void {
    if (signal.kind === 'done') this.done = true;
    else if (signal.kind === 'finish') this.finishReason = signal.reason;
    else if (signal.kind === 'error') this.error ??= signal;
    else {
      this.endpointId ??= signal.id;
      if (this.model !== null && signal.model !== null && signal.model !== this.model) this.modelChanged = true;
      this.model ??= signal.model;
    }
  }
}
