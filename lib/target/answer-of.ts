import type { Ending } from '../timing/outcome.ts';
import type { Answer } from './answer.ts';
import type { AnswerBody } from './answer-body.ts';
import type { AnswerTally } from './answer-tally.ts';

/** What an answer is made of when it is over. */
export interface AnswerParts {
  readonly ending: Ending;
  readonly httpStatus: number | null;
  readonly headersUs: number | null;
  readonly endUs: number | null;
  readonly retryAfterMs: number | null;
  readonly endpointRequestId: string | null;
  /** Null: no headers came. */
  readonly body: AnswerBody | null;
  readonly tally: AnswerTally;
  /** Foreign words, scrubbed and cut. */
  words(text: string): string;
}

/** An answer in one read counts as buffered from so many tokens on. */
const bufferedTokens = 8;

export function answerOf({ body, tally, words, ...known }: AnswerParts): Answer {
  const { tokens, usage } = tally;
  const streamed = body?.kind === 'stream';
  const streamedTokens = streamed ? tokensStreamed(tally) : usage.outputTokens;
  const named = (text: string | null) => (text === null ? null : words(text));
  return {
    ...known,
    firstEventUs: tally.firstEventUs,
    firstTokenUs: tokens.atUs[0] ?? null,
    firstVisibleTokenUs: tokens.firstVisibleUs,
    lastTokenUs: tokens.atUs.at(-1) ?? null,
    streamed,
    buffered: streamed && isBuffered(tally, { streamedTokens, decompressed: body?.encoding !== null }),
    usage,
    reasoningSeen: tokens.reasoningSeen || tally.wholeReasoning,
    streamedTokens,
    tokenEventUs: tokens.atUs,
    cumulativeTokens: tokens.outputTokens?.map((count) => Math.max(0, count - hiddenTokens(tally))) ?? null,
    tokensInFirstEvent: tokensInFirstEvent(tally),
    tokenReads: tokens.reads,
    events: tally.events,
    coalescedEvents: tally.coalescedEvents,
    malformedEvents: tally.malformedEvents,
    unterminated: body?.events.unterminated ?? false,
    finishReason: named(tally.finishReason),
    endpointId: named(tally.endpointId),
    model: named(tally.model),
    modelChanged: tally.modelChanged,
  };
}

/** n: the server's output tokens, less its reasoning tokens where no reasoning event was seen: those came before t1. */
function tokensStreamed(tally: AnswerTally): number | null {
  const { outputTokens } = tally.usage;
  return outputTokens === null ? null : Math.max(0, outputTokens - hiddenTokens(tally));
}

function hiddenTokens({ tokens, usage }: AnswerTally): number {
  return tokens.reasoningSeen ? 0 : (usage.reasoningTokens ?? 0);
}

/** Known where the first token event reports how many tokens came so far. */
function tokensInFirstEvent(tally: AnswerTally): number | null {
  const first = tally.tokens.firstOutputTokens;
  return first === null ? null : Math.max(0, first - hiddenTokens(tally));
}

/** Everything in one read though it held eight tokens or more; whatever was compressed came out in one piece. */
function isBuffered(
  { tokens }: AnswerTally,
  { streamedTokens, decompressed }: { streamedTokens: number | null; decompressed: boolean },
): boolean {
  if (decompressed) return tokens.reads > 0;
  return tokens.reads === 1 && Math.max(streamedTokens ?? 0, tokens.atUs.length) >= bufferedTokens;
}
