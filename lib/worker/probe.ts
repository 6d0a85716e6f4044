import type { FinishedRequest } from '../load/closed-loop.ts';
import { Exchange, type Exchanged } from '../load/exchange.ts';
import type { Assignment } from '../plan/assignment.ts';
import { probeRequests } from '../plan/next-stage.ts';
import type { ProbeFinding, ProbeWarning } from '../plan/probe-finding.ts';
import { answerReader } from '../target/answer-reader.ts';
import type { Dialect } from '../target/dialect.ts';
import type { OutgoingRequest, Target } from '../target/target.ts';
import { metricsOf } from '../timing/metrics.ts';
import { wordsForTokens } from '../workload/prompt.ts';
import { fitWordsToTokens } from '../workload/words-to-tokens.ts';
import type { WorkerPorts } from './ports.ts';
import type { RequestParts } from './request-source.ts';

export interface ProbeOptions {
  readonly assignment: Assignment;
  readonly ports: WorkerPorts;
  readonly target: Target;
  readonly dialect: Dialect;
  newRequest(parts: RequestParts): OutgoingRequest;
  onFlight(change: 1 | -1, atUs: number): void;
  onFinished(finished: FinishedRequest): void;
  /** Takes the resolved secret out of foreign text. */
  scrub(text: string): string;
  /** Aborted: the request in flight is cancelled and no other is sent. */
  readonly stop: AbortSignal;
}

interface Attempt extends RequestParts {
  readonly exchanged: Exchanged;
}

/**
 * Sends a few requests one after another: with a quarter and a half of the prompt's length, and then with the length
 * that these two suggest. Servers that refuse to be asked for usage in the stream are asked without.
 */
export async function probe(options: ProbeOptions): Promise<ProbeFinding> {
  const { inputTokens } = options.assignment.stage.cell;
  const connection = options.target.connect();
  const attempts: Attempt[] = [];
  let usageInStream = options.assignment.target.usageInStream;
  for (let index = 0; index < probeRequests; index++) {
    const words =
      index < 2
        ? Math.max(1, Math.round(inputTokens / (index === 0 ? 4 : 2)))
        : wordsForTokens(inputTokens, fitOf(attempts));
    const attempt = async () => {
      const parts = { stream: 0, ordinal: attempts.length, words, usageInStream };
      attempts.push({ ...parts, exchanged: await sendOne(options, connection, parts) });
    };
    await attempt();
    if (usageInStream && refusesUsage(attempts.at(-1))) {
      usageInStream = false;
      await attempt();
    }
    if (options.stop.aborted || attempts.at(-1)?.exchanged.answer.ending.outcome !== 'ok') break;
  }
  return findingOf(attempts, usageInStream);
}

async function sendOne(
  { ports, assignment, dialect, newRequest, onFlight, onFinished, stop, scrub }: ProbeOptions,
  connection: ReturnType<Target['connect']>,
  parts: RequestParts,
): Promise<Exchanged> {
  const request = newRequest(parts);
  const dueUs = ports.clock.nowUs();
  const { clock, idle } = ports;
  const reader = answerReader({ dialect, streamAsked: true, nowEpochMs: clock.nowEpochMs, scrub });
  const { deadlines } = assignment;
  const exchange = new Exchange({ connection, request, reader, clock, idle, deadlines, onFlight });
  const cancel = () => exchange.cut({ outcome: 'cancelled', detail: null, message: null });
  stop.addEventListener('abort', cancel, { once: true });
  const exchanged = await exchange.done;
  stop.removeEventListener('abort', cancel);
  onFinished({ ...exchanged, stream: parts.stream, ordinal: parts.ordinal, request, dueUs });
  return exchanged;
}

function refusesUsage(attempt: Attempt | undefined): boolean {
  const answer = attempt?.exchanged.answer;
  return answer?.ending.outcome === 'http_error' && (answer.httpStatus === 400 || answer.httpStatus === 422);
}

function fitOf(attempts: readonly Attempt[]) {
  return fitWordsToTokens(
    attempts.flatMap(({ words, exchanged }) => {
      const tokens = exchanged.answer.usage.inputTokens;
      return tokens === null ? [] : [{ words, tokens }];
    }),
  );
}

function findingOf(attempts: readonly Attempt[], usageAccepted: boolean): ProbeFinding {
  const answered = attempts.filter(({ exchanged }) => exchanged.answer.ending.outcome === 'ok');
  const last = attempts.at(-1)?.exchanged ?? null;
  const best = answered.at(-1)?.exchanged ?? last;
  const metrics = answered.map(({ exchanged }) => metricsOfExchange(exchanged));
  const ok = answered.length > 0;
  const { ending } = last?.answer ?? { ending: null };
  return {
    ok,
    httpStatus: best?.answer.httpStatus ?? null,
    streaming: best?.answer.streamed ?? false,
    usageInStream: usageAccepted,
    tokenSource: best?.answer.usage.outputTokens == null ? null : 'usage',
    protocol: best?.socket?.protocol ?? null,
    remoteAddress: best?.socket?.remoteAddress ?? null,
    model: best?.answer.model ?? null,
    wordsToTokens: fitOf(answered),
    latenciesMs: metrics.flatMap(({ latencyMs }) => latencyMs ?? []),
    ttftMs: metrics.at(-1)?.ttftMs ?? null,
    warnings: ok && best ? warningsOf(best, usageAccepted) : [],
    failure: ok || ending === null ? null : ending,
  };
}

function metricsOfExchange({ answer, sentUs, settledUs }: Exchanged) {
  return metricsOf({ ...answer, dueUs: sentUs ?? 0, sentUs, settledUs });
}

function warningsOf({ answer }: Exchanged, usageAccepted: boolean): ProbeWarning[] {
  const warnings: ProbeWarning[] = [];
  if (!answer.streamed) warnings.push('not_streamed');
  if (answer.buffered) warnings.push('buffered');
  if (answer.usage.outputTokens === null) warnings.push('no_usage');
  if (!usageAccepted) warnings.push('usage_refused');
  return warnings;
}
