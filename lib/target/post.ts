import type { Clock } from '../timing/clock.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import type { OutgoingRequest, Target } from './target.ts';

/** An answer that was waited for whole. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: string;
}

/** No answer came, or it came too late; the message says why in a few words. */
export class PostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PostError';
  }
}

const mostBytes = 64 * 1024;

export interface PostOptions {
  readonly clock: Clock;
  readonly withinMs: number;
  /** Aborted when nobody waits for the answer any more. @default never */
  readonly leave?: AbortSignal;
}

/**
 * Sends one request beside the load and waits for all of its answer, of which no more than 64 KiB are kept.
 * @throws PostError
 */
export function post(
  target: Target,
  request: OutgoingRequest,
  { clock, withinMs, leave }: PostOptions,
): Promise<WholeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WholeAnswer>();
  const connection = target.connect();
  const chunks: Uint8Array[] = [];
  const head: Omit<WholeAnswer, 'body'>[] = [];
  let bytes = 0;
  let abort = () => {};
  const cancel = clock.callAt(clock.nowUs() + withinMs * 1000, () => {
    abort();
    fail(`no answer within ${withinMs / 1000} s`);
  });
  const left = () => {
    abort();
    fail('nobody waits for it any more');
  };
  const settle = () => {
    cancel();
    leave?.removeEventListener('abort', left);
    void connection.close();
  };
  const fail = (why: string) => {
    settle();
    reject(new PostError(why));
  };
  abort = connection.send(request, {
    sent: () => undefined,
    headers: (_, status, headers) => void head.push({ status, headers }),
    chunk(_, chunk) {
      if (bytes < mostBytes) chunks.push(chunk.slice());
      bytes += chunk.length;
    },
    ended() {
      const [first] = head;
      if (first === undefined) return fail('the answer had no headers');
      settle();
      resolve({ ...first, body: Buffer.concat(chunks).subarray(0, mostBytes).toString() });
    },
    failed: (_, { message, detail, outcome }) => fail(message ?? detail ?? outcome),
  });
  leave?.addEventListener('abort', left, { once: true });
  return promise;
}
