import type { Exchanged } from '../load/exchange.ts';
import type { ProbeFinding, ProbeWarning, Reasoning } from '../plan/probe-finding.ts';
import type { Answer } from '../target/answer.ts';
import { metricsOf } from '../timing/metrics.ts';
import { fitWordsToTokens } from '../workload/words-to-tokens.ts';

/** One request of the probe and what came of it. */
export interface ProbeAttempt {
  /** Words of its prompt. */
  readonly words: number;
  readonly exchanged: Exchanged;
}

/**
 * What the probe's requests say of the endpoint, most of it by the last that was answered.
 * @param usageInStream it accepts being asked for usage in the stream
 */
export function findingOf(attempts: readonly ProbeAttempt[], usageInStream: boolean): ProbeFinding {
  const answered = attempts.filter(({ exchanged }) => exchanged.answer.ending.outcome === 'ok');
  const last = attempts.at(-1)?.exchanged ?? null;
  const best = answered.at(-1)?.exchanged ?? last;
  const metrics = answered.map(({ exchanged }) => metricsOfExchange(exchanged));
  const ok = answered.some(({ exchanged }) => !isEmpty(exchanged.answer));
  return {
    ok,
    httpStatus: best?.answer.httpStatus ?? null,
    streaming: best?.answer.streamed ?? false,
    usageInStream,
    tokenSource: best?.answer.usage.outputTokens == null ? null : 'usage',
    protocol: best?.socket?.protocol ?? null,
    remoteAddress: best?.socket?.remoteAddress ?? null,
    tcpMs: best?.socket?.tcpMs ?? null,
    tlsMs: best?.socket?.tlsMs ?? null,
    model: best?.answer.model ?? null,
    wordsToTokens: wordsToTokensOf(answered),
    promptTokens: ok ? (best?.answer.usage.inputTokens ?? null) : null,
    exactPrompts: null,
    reasoning: reasoningOf(answered.map(({ exchanged }) => exchanged.answer)),
    waitedMs: null,
    latenciesMs: metrics.flatMap(({ latencyMs }) => latencyMs ?? []),
    ttftMs: metrics.at(-1)?.ttftMs ?? null,
    warnings: ok && best ? warningsOf(best, usageInStream) : [],
    failure: ok || last === null ? null : failureOf(last.answer),
  };
}

/** A stream that came to its end without a token: an answer by its ending, but there is nothing to time. */
function isEmpty({ streamed, tokenEventUs }: Answer): boolean {
  return streamed && tokenEventUs.length === 0;
}

/** Where the last request was answered, it and all before it were empty. */
function failureOf({ ending, finishReason }: Answer): ProbeFinding['failure'] {
  return ending.outcome === 'ok' ? { outcome: 'empty', detail: finishReason, message: null } : ending;
}

/** Of a probe that could not send anything: why, in words that say what to do. */
export function unsentFinding(why: string): ProbeFinding {
  return { ...findingOf([], true), failure: { outcome: 'not_sent', detail: null, message: why } };
}

/** The line from words to tokens through the requests whose prompts were counted. */
export function wordsToTokensOf(attempts: readonly ProbeAttempt[]): ProbeFinding['wordsToTokens'] {
  return fitWordsToTokens(
    attempts.flatMap(({ words, exchanged }) => {
      const tokens = exchanged.answer.usage.inputTokens;
      return tokens === null ? [] : [{ words, tokens }];
    }),
  );
}

/** Without a count of output tokens reasoning could be hidden. */
function reasoningOf(answers: readonly Answer[]): Reasoning | null {
  if (answers.some(({ reasoningSeen }) => reasoningSeen)) return 'visible';
  if (answers.some(({ usage }) => (usage.reasoningTokens ?? 0) > 0)) return 'hidden';
  return answers.some(({ usage }) => usage.outputTokens !== null) ? 'none' : null;
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
