import type { ServerResponse } from 'node:http';
import type { AnswerSink } from './answer-sink.ts';

/** Sends an answer over HTTP. Headers leave at once; what belongs to one turn of the event loop leaves in one write. */
export function socketSink(response: ServerResponse): AnswerSink {
  return {
    headers(status, headers) {
      const { socket } = response;
      socket?.cork();
      process.nextTick(() => socket?.uncork());
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    chunk: (bytes) => void response.write(bytes),
    ended: () => void response.end(),
    failed(how) {
      const { socket } = response;
      if (how === 'cut') socket?.destroySoon();
      // A reset throws away what has not left yet: it waits for this turn's writes.
      else process.nextTick(() => socket?.resetAndDestroy());
    },
  };
}
