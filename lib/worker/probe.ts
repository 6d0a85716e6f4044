import type { FinishedRequest } from '../load/closed-loop.ts';
import { Exchange, type Exchanged } from '../load/exchange.ts';
import type { Assignment } from '../plan/assignment.ts';
import type { ProbeFinding } from '../plan/probe-finding.ts';
import { probeRequestsOf } from '../plan/stage-design.ts';
import { answerReader } from '../target/answer-reader.ts';
import type { Dialect } from '../target/dialect.ts';
import type { OutgoingRequest, Target } from '../target/target.ts';
import type { Clock } from '../timing/clock.ts';
import type { IdleQueue } from '../timing/idle-queue.ts';
import { askedBy } from '../workload/asked.ts';
import type { Row } from '../workload/row.ts';
import { wordsIn } from '../workload/rows.ts';
import type { Credential } from './credential.ts';
import { findingOf, type ProbeAttempt } from './finding-of.ts';
import { type NotReadyOptions, waitWhileNotReady } from './not-ready.ts';
import { probeLength, withExactLength } from './probe-lengths.ts';
import { type RequestParts, requestSource } from './request-source.ts';

/** A probe needs no store: who wants the records of its requests makes them of what `onFinished` tells. */
export interface ProbeOptions extends NotReadyOptions {
  readonly assignment: Assignment;
  readonly dialect: Dialect;
  readonly target: Target;
  readonly credential: Pick<Credential, 'value' | 'scrub'>;
  /** Of the workload's file; null without one. */
  readonly rows: readonly Row[] | null;
  readonly clock: Clock;
  readonly idle: IdleQueue;
  /** Aborted: the request in flight is cancelled and no other is sent. */
  readonly stop: AbortSignal;
  onFlight(change: 1 | -1, atUs: number): void;
  onFinished(finished: FinishedRequest): void;
}

/**
 * Sends a few requests one after another, of the lengths that probeLength says; of a file of prompts its rows. Servers
 * that refuse to be asked for usage in the stream are asked without; one that is not ready is waited for. The finding is
 * scrubbed of the secret.
 */
export async function probe(options: ProbeOptions): Promise<ProbeFinding> {
  const { assignment, credential, stop } = options;
  const { scrub } = credential;
  const newRequest = requestSource({ ...options, keyNow: credential.value });
  const askedOf = askedBy({ ...assignment, rows: options.rows });
  const connection = options.target.connect();
  const attempts: ProbeAttempt[] = [];
  const waited = waitWhileNotReady(options);
  let { usageInStream } = assignment.target;
  for (let index = 0; index < probeRequestsOf(assignment.workload); index++) {
    const length = probeLength(assignment, index, attempts);
    if ('impossible' in length) break;
    const once = async () => {
      const ordinal = attempts.length;
      const { messages } = askedOf(0, ordinal);
      const words = messages === null ? length.words : wordsIn(messages);
      const parts = { stream: 0, ordinal, words, usageInStream };
      const one = { parts, request: newRequest(parts), connection, scrub };
      attempts.push({ words, exchanged: await sendOne(options, one) });
    };
    // A server that closes sockets without saying so is asked again: the next request goes over one of its own.
    const attempt = async () => {
      await once();
      if (lostItsSocket(attempts.at(-1))) await once();
    };
    await attempt();
    while (await waited.wait(attempts.at(-1)?.exchanged)) await attempt();
    if (usageInStream && refusesUsage(attempts.at(-1))) {
      usageInStream = false;
      await attempt();
    }
    if (stop.aborted || attempts.at(-1)?.exchanged.answer.ending.outcome !== 'ok') break;
  }
  const finding = { ...findingOf(attempts, usageInStream), waitedMs: waited.ms() };
  return scrubbed(withExactLength(finding, attempts, assignment), scrub);
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
