import type { AnswerListener, OutgoingRequest, Target } from '../../lib/target/target.ts';
import type { Clock } from '../../lib/timing/clock.ts';

/** What the workspace answers to one request for a token: a JSON body with a status, a lost connection, or nothing. */
export type TokenAnswer = { readonly status: number; readonly body: unknown } | 'reset' | 'silence';

export interface TokenServer {
  newTarget(url: string): Target;
  /** Every request, with the time at which it came. */
  readonly asked: { readonly url: string; readonly request: OutgoingRequest; readonly atUs: number }[];
}

const answerAfterUs = 20_000;

/** A workspace without sockets that answers by the script, and then by its last line. */
export function tokenServer(clock: Clock, script: readonly [TokenAnswer, ...TokenAnswer[]]): TokenServer {
  const asked: TokenServer['asked'] = [];
  const send = (url: string, request: OutgoingRequest, listener: AnswerListener) => {
    const answer = script[Math.min(asked.length, script.length - 1)];
    asked.push({ url, request, atUs: clock.nowUs() });
    if (answer === undefined || answer === 'silence') return () => undefined;
    return clock.callAt(clock.nowUs() + answerAfterUs, () => {
      const nowUs = clock.nowUs();
      if (answer === 'reset') {
        listener.failed(nowUs, { outcome: 'truncated', detail: 'ECONNRESET', message: 'socket hang up' });
        return;
      }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      listener.headers(nowUs, answer.status, { 'content-type': 'application/json' });
      listener.chunk(nowUs, Buffer.from(text), false);
      listener.ended(nowUs);
    });
  };
  return {
    asked,
    newTarget: (url) => ({
      connect: () => ({
        open: async () => undefined,
        send: (request, listener) => send(url, request, listener),
        close: async () => undefined,
      }),
      socketsOpened: () => 0,
      close: async () => undefined,
    }),
  };
}

export const token = (access: string, seconds = 3600): TokenAnswer => ({
  status: 200,
  body: { access_token: access, token_type: 'Bearer', expires_in: seconds, scope: 'all-apis' },
});
