import { seededRandom } from '../plan/seeded-random.ts';
import type { Clock } from '../timing/clock.ts';
import { type AnswerShape, plainAnswer } from './answer-shape.ts';
import { type AnswerSink, bufferedSink, heldOpenSink, type TokenSink } from './answer-sink.ts';
import type { ChatRequest } from './chat-request.ts';
import { type Delivery, deliverStream, deliverWhole } from './delivery.ts';
import type { Engine } from './engine.ts';
import { bendShape, type ChosenFault } from './faults.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { journaledSink } from './journaled-sink.ts';
import { rateLimitError } from './openai-error.ts';
import { sendReply } from './reply.ts';

/** One accepted request and all that its answer depends on. */
export interface ChatTurn {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly seed: number;
  readonly journal: Journal;
  readonly entry: JournalEntry;
  readonly requestId: string;
  readonly authorization: string | undefined;
  readonly chat: ChatRequest;
  readonly faults: readonly ChosenFault[];
  /** For requests that name no model. */
  readonly modelName: string;
  /** Tokens after which answers end by themselves; null: they go on to the limit. */
  readonly naturalLength: number | null;
  readonly sink: AnswerSink;
}

const nothingToStop = () => {};
const queueFullWords = 'The queue is full. Please try again later.';

/** Settles the shape of the answer and sets it going; what is given back stops it. */
export function takeTurn(turn: ChatTurn): () => void {
  const { clock, chat, entry, faults } = turn;
  const naturalLength = chat.exactly ? null : turn.naturalLength;
  const outputTokens = Math.min(chat.maxTokens, naturalLength ?? chat.maxTokens);
  const { hasStreamOptions } = chat;
  const shape = bendShape(plainAnswer, faults, { outputTokens, hasStreamOptions, authorization: turn.authorization });
  entry.inputTokens = chat.inputTokens;
  entry.streamed = chat.stream && shape.streams && shape.instead === null;
  entry.faults = faults.map(({ kind }) => kind);
  const startsUs = clock.nowUs() + shape.startsAfterMs * 1000;
  let stop = () => {};
  const start = () => {
    // A real timer can fire a little before its time.
    stop = clock.nowUs() < startsUs ? clock.callAt(startsUs, start) : deliver(turn, shape, outputTokens);
  };
  start();
  return () => stop();
}

function deliver(turn: ChatTurn, shape: AnswerShape, outputTokens: number): () => void {
  const sink = shapedSink(turn, shape);
  const headers = { 'x-request-id': turn.requestId, ...shape.headers };
  if (shape.instead === 'silence') return nothingToStop;
  if (shape.instead === 'reset') {
    sink.failed('reset');
    return nothingToStop;
  }
  if (shape.instead !== null) {
    sendReply(sink, shape.instead, headers);
    return nothingToStop;
  }
  const delivery = deliveryOf(turn, shape, { outputTokens, headers, sink });
  const cancel = turn.entry.streamed ? deliverStream(delivery) : deliverWhole(delivery);
  if (cancel) return cancel;
  sendReply(sink, rateLimitError(1, queueFullWords), headers);
  return nothingToStop;
}

function deliveryOf(
  turn: ChatTurn,
  shape: AnswerShape,
  rest: Pick<Delivery, 'outputTokens' | 'headers' | 'sink'>,
): Delivery {
  const { clock, engine, chat, entry, requestId, seed } = turn;
  const { words } = shape;
  return {
    ...rest,
    clock,
    engine,
    requestId,
    shape,
    reason: rest.outputTokens < chat.maxTokens ? 'stop' : 'length',
    facts: {
      id: `chatcmpl-${requestId}`,
      model: chat.model ?? turn.modelName,
      createdEpochSeconds: Math.floor(clock.nowEpochMs() / 1000),
      words,
      offset: Math.floor(seededRandom(seed, 'words', requestId)() * words.first.length),
      inputTokens: chat.inputTokens,
      includeUsage: shape.tellsUsage && (chat.includeUsage || !entry.streamed),
    },
    admitted(atUs) {
      entry.admittedUs = atUs;
    },
  };
}

/** The journal stands behind the buffer, so that it tells when bytes really left, and before the open end. */
function shapedSink({ sink, clock, journal, entry }: ChatTurn, shape: AnswerShape): TokenSink {
  const held = shape.heldOpen ? heldOpenSink(sink) : sink;
  const journaled = journaledSink(held, clock, journal, entry);
  return shape.buffered ? bufferedSink(journaled) : journaled;
}
