import type { FinishedRequest } from '../load/closed-loop.ts';
import { isOfCohort } from '../load/cohort.ts';
import type { MonotonicSchedule } from '../load/monotonic-schedule.ts';
import type { Phase, RequestRecord } from '../record/request-record.ts';
import { windowTokensBySlice } from '../record/window-tokens.ts';
import type { Asked } from '../workload/asked.ts';

export interface RecordContext {
  readonly worker: number;
  readonly schedule: MonotonicSchedule;
  readonly requestsPerStream: number | null;
  /** What a request asked for, by its stream and ordinal. */
  readonly askedOf: (stream: number, ordinal: number) => Pick<Asked, 'inputTokens' | 'outputTokens'>;
  /** Takes the resolved secret out of foreign text. */
  readonly scrub: (text: string) => string;
}

/** Where a request lies in its stage. */
export function phaseOf(
  request: { readonly dueUs: number; readonly ordinal: number },
  schedule: MonotonicSchedule,
  requestsPerStream: number | null,
): Phase {
  if (isOfCohort(request, schedule, requestsPerStream)) return 'cohort';
  return requestsPerStream === null && request.dueUs < schedule.windowStartsUs ? 'warm_up' : 'after';
}

/** The record of a finished request: stamps moved to the stage's start, foreign text scrubbed. */
export function recordOf(finished: FinishedRequest, context: RecordContext): RequestRecord {
  const { answer, socket } = finished;
  const { schedule } = context;
  const scrubbed = (text: string | null) => (text === null ? null : context.scrub(text));
  const sinceStart = (us: number | null) => (us === null ? null : us - schedule.startsUs);
  const asked = context.askedOf(finished.stream, finished.ordinal);
  const bySlice = tokensInWindow(finished, schedule);
  return {
    requestId: finished.request.id,
    endpointRequestId: scrubbed(answer.endpointRequestId),
    endpointId: scrubbed(answer.endpointId),
    worker: context.worker,
    stream: finished.stream,
    ordinal: finished.ordinal,
    phase: phaseOf(finished, schedule, context.requestsPerStream),
    outcome: answer.ending.outcome,
    outcomeDetail: scrubbed(answer.ending.detail),
    message: scrubbed(answer.ending.message),
    httpStatus: answer.httpStatus,
    retryAfterMs: answer.retryAfterMs,
    finishReason: scrubbed(answer.finishReason),
    model: scrubbed(answer.model),
    modelChanged: answer.modelChanged,
    askedInputTokens: asked.inputTokens,
    askedOutputTokens: asked.outputTokens,
    inputTokens: answer.usage.inputTokens,
    cachedInputTokens: answer.usage.cachedInputTokens,
    outputTokens: answer.usage.outputTokens,
    reasoningTokens: answer.usage.reasoningTokens,
    streamedTokens: answer.streamedTokens,
    tokenSource: answer.usage.outputTokens === null ? null : 'usage',
    tokensInFirstEvent: answer.tokensInFirstEvent,
    tokenEvents: answer.tokenEventUs.length,
    tokenReads: answer.tokenReads,
    events: answer.events,
    coalescedEvents: answer.coalescedEvents,
    malformedEvents: answer.malformedEvents,
    unterminated: answer.unterminated,
    streamed: answer.streamed,
    buffered: answer.buffered,
    dueUs: finished.dueUs - schedule.startsUs,
    sentUs: sinceStart(finished.sentUs),
    headersUs: sinceStart(answer.headersUs),
    firstEventUs: sinceStart(answer.firstEventUs),
    firstTokenUs: sinceStart(answer.firstTokenUs),
    firstVisibleTokenUs: sinceStart(answer.firstVisibleTokenUs),
    lastTokenUs: sinceStart(answer.lastTokenUs),
    endUs: sinceStart(answer.endUs),
    settledUs: sinceStart(finished.settledUs),
    tokenGapsUs: gapsOf(answer.tokenEventUs),
    windowTokens: bySlice === null ? null : bySlice.reduce((sum, tokens) => sum + tokens, 0),
    windowTokensBySlice: bySlice,
    socketReused: socket?.reused ?? null,
    coldConnection: socket !== null && !socket.reused && openedInWindow(socket.openedUs, schedule),
    tcpMs: socket?.tcpMs ?? null,
    tlsMs: socket?.tlsMs ?? null,
    protocol: socket?.protocol ?? null,
    remoteAddress: socket?.remoteAddress ?? null,
  };
}

/** Sockets of a counted stage are opened before its start too; what is opened later is cold. */
function openedInWindow(openedUs: number, { windowStartsUs, windowEndsUs }: MonotonicSchedule): boolean {
  return openedUs >= windowStartsUs && (windowEndsUs === null || openedUs < windowEndsUs);
}

/**
 * Of an answer that was not streamed all tokens arrive at its end. The window of a counted stage is not known yet: its
 * tokens are counted when the stage is reduced.
 */
function tokensInWindow(
  { answer }: FinishedRequest,
  { windowStartsUs, windowEndsUs }: MonotonicSchedule,
): number[] | null {
  if (answer.streamedTokens === null || windowEndsUs === null) return null;
  const atEnd = answer.endUs === null ? [] : [answer.endUs];
  const byEvents = answer.streamed && answer.tokenEventUs.length > 0;
  return windowTokensBySlice(
    {
      tokens: answer.streamedTokens,
      eventUs: byEvents ? answer.tokenEventUs : atEnd,
      cumulative: byEvents ? answer.cumulativeTokens : null,
    },
    { startsUs: windowStartsUs, endsUs: windowEndsUs },
  );
}

function gapsOf(eventUs: readonly number[]): number[] {
  const gaps = new Array<number>(Math.max(0, eventUs.length - 1));
  for (let i = 1; i < eventUs.length; i++) gaps[i - 1] = (eventUs[i] ?? 0) - (eventUs[i - 1] ?? 0);
  return gaps;
}
