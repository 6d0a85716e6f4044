import type { Clock } from '../timing/clock.ts';
import type { AnswerSink } from './answer-sink.ts';
import { parseChatRequest } from './chat-request.ts';
import { takeTurn } from './chat-turn.ts';
import { type Engine, mockEngine } from './engine.ts';
import { checkFaultShares, drawFaults, type FaultShare, faultHeader, parseFaultHeader } from './fault-choice.ts';
import { type Journal, memoryJournal } from './journal.ts';
import { journaledSink } from './journaled-sink.ts';
import { notReadyError, openAiError, wrongKeyError } from './openai-error.ts';
import type { QueueModel } from './queue-model.ts';
import { type Reply, sendReply } from './reply.ts';
import { type TokenEndpoint, tokenEndpoint } from './token-endpoint.ts';

export interface MockEndpointOptions {
  readonly clock: Clock;
  readonly model: QueueModel;
  /** Seeds jitter, words and the drawing of faults. */
  readonly seed: number;
  /** Faults and quirks that befall a share of the requests; none unless told. */
  readonly faults?: readonly FaultShare[];
  /** Demanded as a bearer token; none unless told. */
  readonly apiKey?: string;
  /** Name of the model, for requests that name none. */
  readonly modelName?: string;
  /** Answers end by themselves after this many tokens, with the reason `stop`, unless `ignore_eos` is asked for. */
  readonly naturalLength?: number;
  /** Tokens that a chat template adds to every prompt. @default 0 */
  readonly templateTokens?: number;
  readonly journal?: Journal;
}

/** A request to the chat completions as it came. */
export interface MockRequest {
  /** Names in lower case; read are authorization, x-request-id and x-mock-fault. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** The mocked endpoint without a socket: the same bytes at the same times, in real time or under a virtual clock. */
export interface MockEndpoint {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly modelName: string;
  /** Gives tokens to service principals, with which they may come in. */
  readonly tokens: TokenEndpoint;
  /** Answers a request that is wholly there; what is given back says that the client has left. */
  answer(request: MockRequest, sink: AnswerSink): () => void;
  /** What a request with this authorization gets instead of an answer; null: it may come in. */
  refusal(authorization: string | undefined): Reply | null;
}

const longestId = 200;

/** Sets up an endpoint; throws a RangeError for options out of their range. */
export function mockEndpoint(options: MockEndpointOptions): MockEndpoint {
  const { clock, model, seed, apiKey, faults = [], modelName = 'mock-1', journal = memoryJournal() } = options;
  checkFaultShares(faults);
  const engine = mockEngine({ clock, model, seed });
  const naturalLength = options.naturalLength ?? null;
  let unnamed = 0;

  const tokens = tokenEndpoint(apiKey);
  const refusal = (authorization: string | undefined) => {
    const known = apiKey === undefined || authorization === `Bearer ${apiKey}` || tokens.gave(authorization);
    return known ? null : wrongKeyError(authorization);
  };
  const chooseFaults = (requestId: string, header: string | undefined) => {
    const asked = header === undefined ? [] : parseFaultHeader(header);
    if ('problem' in asked) return { refusal: openAiError(400, { message: asked.problem, param: faultHeader }) };
    return { faults: [...drawFaults(faults, seed, requestId), ...asked] };
  };

  return {
    engine,
    journal,
    modelName,
    tokens,
    refusal,
    answer(request, sink) {
      const requestId = headerOf(request, 'x-request-id')?.slice(0, longestId) || `mock-${++unnamed}`;
      const authorization = headerOf(request, 'authorization');
      const entry = journal.open(requestId, clock.nowUs());
      const refuse = (reply: Reply) => {
        sendReply(journaledSink(sink, clock, journal, entry), reply, { 'x-request-id': requestId });
        return () => {};
      };
      const keyRefusal = refusal(authorization);
      if (keyRefusal) return refuse(keyRefusal);
      const parsed = parseChatRequest(request.body, options.templateTokens);
      if ('refusal' in parsed) return refuse(parsed.refusal);
      if (!engine.wake()) return refuse(notReadyError);
      const chosen = chooseFaults(requestId, headerOf(request, faultHeader));
      if ('refusal' in chosen) return refuse(chosen.refusal);
      const named = { requestId, authorization, modelName, naturalLength };
      const stop = takeTurn({ ...named, clock, engine, seed, journal, entry, sink, chat: parsed.request, ...chosen });
      return () => {
        stop();
        journal.close(entry, 'cancelled');
      };
    },
  };
}

function headerOf(request: MockRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
