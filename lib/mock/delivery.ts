import type { Clock } from '../timing/clock.ts';
import type { AnswerShape, Break } from './answer-shape.ts';
import type { TokenSink } from './answer-sink.ts';
import type { Engine } from './engine.ts';
import {
  type ChatAnswerFacts,
  commentLine,
  doneEvent,
  errorEvent,
  type FinishReason,
  streamedChat,
  wholeChat,
} from './openai-chat-answer.ts';
import { openAiError, serverErrorWords } from './openai-error.ts';
import { sendReply } from './reply.ts';

/** One answer on its way: what it says, how, and to whom. */
export interface Delivery {
  readonly clock: Clock;
  readonly engine: Engine;
  readonly requestId: string;
  readonly facts: ChatAnswerFacts;
  readonly outputTokens: number;
  readonly reason: FinishReason;
  readonly shape: AnswerShape;
  readonly headers: Readonly<Record<string, string>>;
  readonly sink: TokenSink;
  /** It got its slot. */
  admitted(atUs: number): void;
}

/**
 * Streams an answer as the engine makes it: headers at once, the role with the slot, a chunk per token. What is given
 * back cancels it; null: the engine's queue is full, and nothing was sent.
 */
export function deliverStream(delivery: Delivery): (() => void) | null {
  const { engine, shape, sink, outputTokens, reason } = delivery;
  const chat = streamedChat(delivery.facts);
  let over = false;
  let stopComments = () => {};
  let cancelAnswer = () => {};
  const stop = () => {
    over = true;
    stopComments();
    cancelAnswer();
  };
  const breakOff = (how: Break['how']) => {
    stop();
    if (how === 'cut' || how === 'reset') sink.failed(how);
    if (how !== 'error_event') return;
    sink.chunk(errorEvent, 0);
    sink.ended();
  };
  const cancel = engine.answer(engineRequest(delivery), {
    accepted() {
      sink.headers(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        ...delivery.headers,
      });
      stopComments = sendComments(delivery);
    },
    admitted(atUs) {
      delivery.admitted(atUs);
      if (shape.breaks?.afterTokens === 0) breakOff(shape.breaks.how);
      else sink.chunk(chat.role(), 0);
    },
    token(index) {
      sink.chunk(chat.token(index), 1);
      if (shape.breaks?.afterTokens === index + 1) breakOff(shape.breaks.how);
    },
    finished() {
      stopComments();
      sink.chunk(chat.tail(outputTokens, reason), 0);
      if (shape.sendsDone) sink.chunk(doneEvent, 0);
      sink.ended();
    },
  });
  if (!cancel) return null;
  cancelAnswer = cancel;
  // An answer that breaks before its first token does so before the engine has given its cancel.
  if (over) cancel();
  return stop;
}

/** Gives the whole answer as one JSON text when the engine has made it; as `deliverStream` otherwise. */
export function deliverWhole(delivery: Delivery): (() => void) | null {
  const { engine, sink, outputTokens } = delivery;
  return engine.answer(engineRequest(delivery), {
    admitted: (atUs) => delivery.admitted(atUs),
    token() {},
    finished() {
      const { breaks } = delivery.shape;
      if (breaks?.how === 'error_event') {
        sendReply(sink, openAiError(500, serverErrorWords), delivery.headers);
        return;
      }
      const bytes = wholeChat(delivery.facts, outputTokens, delivery.reason);
      const length = { 'content-type': 'application/json', 'content-length': String(bytes.length) };
      sink.headers(200, { ...length, ...delivery.headers });
      if (!breaks) {
        sink.chunk(bytes, outputTokens);
        sink.ended();
        return;
      }
      sink.chunk(bytes.subarray(0, bytes.length / 2), 0);
      if (breaks.how !== 'silence') sink.failed(breaks.how);
    },
  });
}

function engineRequest({ requestId, facts, outputTokens }: Delivery) {
  return { id: requestId, inputTokens: facts.inputTokens, outputTokens };
}

/** Sends comment lines until it is stopped. */
function sendComments({ clock, shape, sink }: Delivery): () => void {
  const everyMs = shape.commentEveryMs;
  if (everyMs === null) return () => {};
  let disarm = () => {};
  let dueUs = clock.nowUs();
  const send = () => {
    sink.chunk(commentLine, 0);
    dueUs += everyMs * 1000;
    disarm = clock.callAt(dueUs, send);
  };
  send();
  return () => disarm();
}
