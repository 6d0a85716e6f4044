import type { AnswerListener, Connection, OutgoingRequest, SocketFacts } from '../../lib/target/target.ts';
import type { Clock } from '../../lib/timing/clock.ts';
import type { Ending } from '../../lib/timing/outcome.ts';
import * as stream from '../target/told-stream.ts';

/** Something that a connection tells of a request. */
export type Happening = (listener: AnswerListener, atUs: number) => void;

/** What becomes of one request, by milliseconds after it was handed over; at 0: before `send` has returned. */
export type Script = readonly (readonly [atMs: number, ...happenings: Happening[]])[];

/** A connection that plays a script for each request and notes what it was asked for. */
export interface ScriptedConnection extends Connection {
  readonly sends: readonly { readonly id: string; readonly atUs: number }[];
  readonly abortedUs: readonly number[];
}

const socket: SocketFacts = {
  reused: false,
  openedUs: 0,
  tcpMs: 0,
  tlsMs: null,
  protocol: 'http/1.1',
  remoteAddress: '192.0.2.1',
};

export const reset: Ending = { outcome: 'truncated', detail: 'ECONNRESET', message: null };
export const refused: Ending = { outcome: 'connect_error', detail: 'ECONNREFUSED', message: null };

export const sent: Happening = (listener, atUs) => listener.sent(atUs, socket);
export const headers =
  (status = 200, more: Readonly<Record<string, string>> = stream.eventStream): Happening =>
  (listener, atUs) =>
    listener.headers(atUs, status, more);
export const bytes =
  (body: string): Happening =>
  (listener, atUs) =>
    listener.chunk(atUs, Buffer.from(body), false);
export const role = bytes(stream.role);
export const token = bytes(stream.text('a'));
export const comment = bytes(': keep-alive\n\n');
export const done = bytes(stream.finish + stream.done);
export const ended: Happening = (listener, atUs) => listener.ended(atUs);
export const fails =
  (ending: Ending): Happening =>
  (listener, atUs) =>
    listener.failed(atUs, ending);

/** A streamed answer of one token, all of it after `afterMs`. */
export const answerAfter = (afterMs: number): Script => [
  [0, sent],
  [afterMs, headers(), token, done, ended],
];

/** 429, which asks to wait. */
export const throttledAfter = (afterMs: number, retryAfterSeconds: number): Script => [
  [0, sent],
  [afterMs, headers(429, { 'retry-after': String(retryAfterSeconds) }), ended],
];

/** Goes out and is never answered. */
export const silence: Script = [[0, sent]];

export function scriptedConnection(clock: Clock, scriptOf: (ordinal: number) => Script): ScriptedConnection {
  const sends: { id: string; atUs: number }[] = [];
  const abortedUs: number[] = [];
  return {
    sends,
    abortedUs,
    async open() {},
    send(request: OutgoingRequest, listener: AnswerListener) {
      const handedUs = clock.nowUs();
      const script = scriptOf(sends.length);
      sends.push({ id: request.id, atUs: handedUs });
      const cancels: (() => void)[] = [];
      for (const [atMs, ...happenings] of script) {
        const atUs = handedUs + atMs * 1000;
        const happen = () => {
          for (const happening of happenings) happening(listener, atUs);
        };
        if (atMs === 0) happen();
        else cancels.push(clock.callAt(atUs, happen));
      }
      return () => {
        abortedUs.push(clock.nowUs());
        for (const cancel of cancels) cancel();
      };
    },
    async close() {},
  };
}
