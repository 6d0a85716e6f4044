import type { FinishedRequest } from '../load/closed-loop.ts';
import { Exchange, type Exchanged } from '../load/exchange.ts';
import type { Assignment } from '../plan/assignment.ts';
import { probeRequests } from '../plan/next-stage.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import { answerReader } from '../target/answer-reader.ts';
import type { Dialect } from '../target/dialect.ts';
import type { OutgoingRequest, Target } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';
import { wordsForTokens } from '../workload/prompt.ts';
import { findingOf, type ProbeAttempt, wordsToTokensOf } from './finding-of.ts';
import { type RequestParts, requestSource } from './request-source.ts';
import { scrubber } from './scrub.ts';

/** A probe needs no store: who wants the records of its requests makes them of what `onFinished` tells. */
export interface ProbeOptions {
  readonly assignment: Assignment;
  readonly dialect: Dialect;
  readonly target: Target;
  /** The key, resolved; null without auth. */
  readonly secret: string | null;
  readonly clock: Clock;
  readonly idle: IdleQueue;
  /** Aborted: the request in flight is cancelled and no other is sent. */
  readonly stop: AbortSignal;
  onFlight(change: 1 | -1, atUs: number): void;
  onFinished(finished: FinishedRequest): void;
}

/**
 * Sends a few requests one after another: with a quarter and a half of the prompt's length, and then with the length
 * that these two suggest. Servers that refuse to be asked for usage in the stream are asked without. The finding is
 * scrubbed of the secret.
 */
export async function probe(options: ProbeOptions): Promise<ProbeFinding> {
  const { assignment, secret, stop } = options;
  const { inputTokens } = assignment.stage.cell;
  const scrub = scrubber(secret);
  const newRequest = requestSource(options);
  const connection = options.target.connect();
  const attempts: ProbeAttempt[] = [];
  let { usageInStream } = assignment.target;
  for (let index = 0; index < probeRequests; index++) {
    const words =
      index < 2
        ? Math.max(1, Math.round(inputTokens / (index === 0 ? 4 : 2)))
        : wordsForTokens(inputTokens, wordsToTokensOf(attempts));
    const attempt = async () => {
      const parts = { stream: 0, ordinal: attempts.length, words, usageInStream };
      const one = { parts, request: newRequest(parts), connection, scrub };
      attempts.push({ words, exchanged: await sendOne(options, one) });
    };
    await attempt();
    if (usageInStream && refusesUsage(attempts.at(-1))) {
      usageInStream = false;
      await attempt();
    }
    // A server that closes sockets without saying so is asked again: the next request goes over one of its own.
    if (lostItsSocket(attempts.at(-1))) await attempt();
    if (stop.aborted || attempts.at(-1)?.exchanged.answer.ending.outcome !== 'ok') break;
  }
  return scrubbed(findingOf(attempts, usageInStream), scrub);
}

interface OneRequest {
  readonly parts: RequestParts;
  readonly request: OutgoingRequest;
  readonly connection: ReturnType<Target['connect']>;
  scrub(text: string): string;
}

async function sendOne(
  { assignment, dialect, clock, idle, stop, onFlight, onFinished }: ProbeOptions,
  { parts, request, connection, scrub }: OneRequest,
): Promise<Exchanged> {
  const dueUs = clock.nowUs();
  const reader = answerReader({ dialect, streamAsked: true, nowEpochMs: clock.nowEpochMs, scrub });
  const { deadlines } = assignment;
  const exchange = new Exchange({ connection, request, reader, clock, idle, deadlines, onFlight });
  const cancel = () => exchange.cut({ outcome: 'cancelled', detail: null, message: null });
  stop.addEventListener('abort', cancel, { once: true });
  if (stop.aborted) cancel();
  const exchanged = await exchange.done;
  stop.removeEventListener('abort', cancel);
  onFinished({ ...exchanged, stream: parts.stream, ordinal: parts.ordinal, request, dueUs });
  return exchanged;
}

function refusesUsage(attempt: ProbeAttempt | undefined): boolean {
  const answer = attempt?.exchanged.answer;
  return answer?.ending.outcome === 'http_error' && (answer.httpStatus === 400 || answer.httpStatus === 422);
}

function lostItsSocket(attempt: ProbeAttempt | undefined): boolean {
  const ending = attempt?.exchanged.answer.ending;
  return ending?.outcome === 'reset_before_headers' && ending.detail === 'reused_socket';
}

function scrubbed(finding: ProbeFinding, scrub: (text: string) => string): ProbeFinding {
  const clean = (text: string | null) => (text === null ? null : scrub(text));
  const { failure, model } = finding;
  return {
    ...finding,
    model: clean(model),
    failure: failure && { ...failure, detail: clean(failure.detail), message: clean(failure.message) },
  };
}
