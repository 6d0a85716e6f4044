import type { Deadlines } from '../plan/assignment.ts';
import type { Answer } from '../target/answer.ts';
import type { AnswerReader } from '../target/answer-reader.ts';
import type { AnswerListener, Connection, OutgoingRequest, SocketFacts } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';
import type { Deadline, Ending } from '../timing/outcome.ts';

/** What came of one request. Stamps are monotonic microseconds. */
export interface Exchanged {
  readonly sentUs: number | null;
  /** When it left flight; null if it was never sent. */
  readonly settledUs: number | null;
  /** When its stream became free for the next one: the body was over, or was not waited for any longer. */
  readonly freeUs: number;
  readonly socket: SocketFacts | null;
  readonly answer: Answer;
}

export interface ExchangeOptions {
  readonly connection: Connection;
  readonly request: OutgoingRequest;
  readonly reader: AnswerReader;
  readonly clock: Clock;
  readonly idle: IdleQueue;
  readonly deadlines: Deadlines;
  /** Told when the request enters flight and when it leaves it. */
  readonly onFlight?: (change: 1 | -1, atUs: number) => void;
}

/** After an answer's terminal event its body may go on for so long; then the socket is destroyed. */
export const bodyDrainUs = 100_000;

/**
 * One request and its answer: keeps the deadlines, reads what has arrived when the loop is idle, and settles exactly
 * once. Nothing but storing happens in the callbacks of the transport.
 */
export class Exchange implements AnswerListener {
  readonly done: Promise<Exchanged>;
  readonly #options: ExchangeOptions;
  readonly #beganUs: number;
  readonly #resolve: (exchanged: Exchanged) => void;
  readonly #abort: () => void;
  #cancelTimer: () => void = () => undefined;
  #sentUs: number | null = null;
  #socket: SocketFacts | null = null;
  #settledUs: number | null = null;
  #bodyOverUs: number | null = null;
  #lastByteUs: number | null = null;
  #reading = false;
  #over = false;

  constructor(options: ExchangeOptions) {
    const { promise, resolve } = Promise.withResolvers<Exchanged>();
    this.done = promise;
    this.#resolve = resolve;
    this.#options = options;
    this.#beganUs = options.clock.nowUs();
    this.#armTimer();
    this.#abort = options.connection.send(options.request, this);
  }

  sent(atUs: number, socket: SocketFacts): void {
    if (this.#over) return;
    this.#sentUs = atUs;
    this.#socket = socket;
    this.#options.onFlight?.(1, atUs);
    this.#armTimer();
  }

  headers(atUs: number, status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (this.#over) return;
    this.#lastByteUs = atUs;
    this.#options.reader.headers(atUs, status, headers);
    // From here on silence has a deadline, which may be the nearest one.
    this.#armTimer();
  }

  chunk(atUs: number, bytes: Uint8Array, coalesced: boolean): void {
    this.#lastByteUs = atUs;
    this.#options.reader.chunk(atUs, bytes, coalesced);
    this.#readWhenIdle();
  }

  ended(atUs: number): void {
    this.#bodyOverUs = atUs;
    this.#options.reader.ended(atUs);
    this.#readWhenIdle();
  }

  failed(atUs: number, ending: Ending): void {
    this.#bodyOverUs = atUs;
    this.#options.reader.failed(atUs, ending);
    this.#readWhenIdle();
  }

  /** Ends the request now for a reason of ours; what has arrived by then still counts. */
  cut(ending: Ending): void {
    if (this.#over) return;
    const atUs = this.#options.clock.nowUs();
    this.#options.reader.parse();
    if (this.#bodyOverUs === null && !this.#options.reader.terminal) this.#options.reader.cut(ending);
    if (this.#bodyOverUs === null) this.#abort();
    this.#bodyOverUs ??= atUs;
    this.#finish();
  }

  #readWhenIdle(): void {
    if (this.#reading) return;
    this.#reading = true;
    this.#options.idle.push(() => this.#read());
  }

  #read(): void {
    this.#reading = false;
    if (this.#over) return;
    const { reader } = this.#options;
    reader.parse();
    if (this.#bodyOverUs !== null) this.#finish();
    else if (reader.terminal) this.#settle(reader.endUs ?? this.#lastByteUs ?? this.#beganUs);
  }

  /** The answer is complete though its body is not: it left flight, and the body gets its bound. */
  #settle(atUs: number): void {
    if (this.#settledUs !== null) return;
    this.#leaveFlight(atUs);
    this.#armTimer();
  }

  #leaveFlight(atUs: number): void {
    if (this.#sentUs === null || this.#settledUs !== null) return;
    this.#settledUs = atUs;
    this.#options.onFlight?.(-1, atUs);
  }

  #finish(): void {
    this.#over = true;
    this.#cancelTimer();
    const { reader, clock } = this.#options;
    const freeUs = this.#bodyOverUs ?? clock.nowUs();
    this.#leaveFlight(reader.endUs ?? freeUs);
    const answer = reader.result();
    this.#resolve({ sentUs: this.#sentUs, settledUs: this.#settledUs, freeUs, socket: this.#socket, answer });
  }

  #armTimer(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.callAt(this.#nextDeadline().atUs, () => this.#onTimer());
  }

  #onTimer(): void {
    if (this.#over) return;
    this.#options.reader.parse();
    if (this.#options.reader.terminal) this.#settle(this.#options.reader.endUs ?? this.#beganUs);
    const { atUs, deadline } = this.#nextDeadline();
    if (this.#bodyOverUs !== null) this.#finish();
    else if (this.#options.clock.nowUs() < atUs) this.#armTimer();
    else if (deadline === null) this.#giveUpBody(atUs);
    else this.cut({ outcome: 'timeout', detail: deadline, message: null });
  }

  #giveUpBody(atUs: number): void {
    this.#abort();
    this.#bodyOverUs = atUs;
    this.#finish();
  }

  /** The next moment at which something must have happened; `deadline` null: the body's own bound. */
  #nextDeadline(): { readonly atUs: number; readonly deadline: Deadline | null } {
    const { deadlines, reader } = this.#options;
    if (this.#settledUs !== null) return { atUs: this.#settledUs + bodyDrainUs, deadline: null };
    if (this.#sentUs === null) return { atUs: this.#beganUs + deadlines.connectMs * 1000, deadline: 'connect' };
    const total = { atUs: this.#sentUs + deadlines.totalMs * 1000, deadline: 'total' } as const;
    const firstToken = { atUs: this.#sentUs + deadlines.firstTokenMs * 1000, deadline: 'first_token' } as const;
    const candidates: { readonly atUs: number; readonly deadline: Deadline }[] = [total];
    if (!reader.firstTokenSeen && reader.streamExpected) candidates.push(firstToken);
    if (this.#lastByteUs !== null) {
      candidates.push({ atUs: this.#lastByteUs + deadlines.idleMs * 1000, deadline: 'idle' });
    }
    return candidates.reduce((first, other) => (other.atUs < first.atUs ? other : first));
  }
}
