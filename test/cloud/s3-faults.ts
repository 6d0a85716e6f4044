import { type Fault, FaultList } from './fault-list.ts';
import type { S3Request } from './s3-request.ts';

export type S3Match = (request: S3Request) => boolean;

/** `before`: nothing is carried out yet; `after`: it is stored, the answer not sent. */
export type S3Moment = 'before' | 'after';

type Effect =
  | { readonly kind: 'cut'; readonly moment: S3Moment; readonly act: (request: S3Request) => void }
  | { readonly kind: 'fail'; readonly status: number }
  | { readonly kind: 'hold'; readonly ms: number }
  | { readonly kind: 'act'; readonly moment: S3Moment; readonly act: (request: S3Request) => void };

const codes: Readonly<Record<number, string>> = {
  400: 'InvalidRequest',
  403: 'AccessDenied',
  404: 'NoSuchBucket',
  409: 'ConditionalRequestConflict',
  412: 'PreconditionFailed',
  500: 'InternalError',
  503: 'SlowDown',
  507: 'InsufficientStorage',
};

/** What strikes one request. */
export interface S3Strike {
  readonly failure: { readonly status: number; readonly code: string } | null;
  /** The moment at which the connection is dropped, after the acts of that moment. */
  readonly cutAt: S3Moment | null;
  readonly holdMs: number;
  /** Acts of this moment, to be done in their order. */
  readonly acts: (moment: S3Moment) => readonly ((request: S3Request) => void)[];
}

/** Faults of the store that a test sets; each strikes the requests it matches, by default once. */
export class S3Faults {
  readonly #list = new FaultList<S3Request, Effect>();

  /** Carries the request out and drops the connection without an answer. */
  answerLost(match: S3Match, times = 1): Fault {
    return this.cut(match, 'after', () => {}, times);
  }

  /** Drops the connection without an answer, having carried the request out (`after`) or not (`before`). */
  cut(match: S3Match, moment: S3Moment, act: (request: S3Request) => void = () => {}, times = 1): Fault {
    return this.#list.add(match, { kind: 'cut', moment, act }, times);
  }

  /** Answers with an error and carries nothing out; 409 is a conflict of conditional writes, 507 a full store. */
  failing(match: S3Match, status: number, times = 1): Fault {
    return this.#list.add(match, { kind: 'fail', status }, times);
  }

  /** Carries the request out after a while. */
  slow(match: S3Match, ms: number, times = 1): Fault {
    return this.#list.add(match, { kind: 'hold', ms }, times);
  }

  /** Does something when a request comes, or when it is stored and not yet answered. */
  on(match: S3Match, moment: S3Moment, act: (request: S3Request) => void, times = 1): Fault {
    return this.#list.add(match, { kind: 'act', moment, act }, times);
  }

  /** What strikes a request; asked once for each. */
  strike(request: S3Request): S3Strike {
    const effects = this.#list.strike(request);
    const failure = effects.find((effect) => effect.kind === 'fail');
    const cut = effects.find((effect) => effect.kind === 'cut');
    return {
      failure: failure ? { status: failure.status, code: codes[failure.status] ?? 'InternalError' } : null,
      cutAt: cut?.moment ?? null,
      holdMs: Math.max(0, ...effects.map((effect) => (effect.kind === 'hold' ? effect.ms : 0))),
      acts: (moment) => effects.flatMap((e) => ('act' in e && e.moment === moment ? [e.act] : [])),
    };
  }
}
