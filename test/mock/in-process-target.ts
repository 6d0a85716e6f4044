import type { MockEndpoint } from '../../lib/mock/endpoint.ts';
import type { AnswerListener, SocketFacts, Target } from '../../lib/target/target.ts';
import type { Clock } from '../../lib/timing/clock.ts';

/** The mocked endpoint as a target without sockets: its bytes at its own times, under whatever clock it lives by. */
export function inProcessTarget(endpoint: MockEndpoint, clock: Clock): Target {
  let opened = 0;
  return {
    connect() {
      let facts: SocketFacts | null = null;
      const open = () => {
        opened += 1;
        facts ??= {
          reused: false,
          openedUs: clock.nowUs(),
          tcpMs: 0,
          tlsMs: null,
          protocol: 'http/1.1',
          remoteAddress: 'mock',
        };
        return facts;
      };
      return {
        async open() {
          open();
        },
        send(request, listener) {
          const socket = facts ?? open();
          facts = { ...socket, reused: true };
          listener.sent(clock.nowUs(), socket);
          return endpoint.answer(request, sinkOf(listener, clock));
        },
        async close() {},
      };
    },
    socketsOpened: () => opened,
    async close() {},
  };
}

function sinkOf(listener: AnswerListener, clock: Clock): Parameters<MockEndpoint['answer']>[1] {
  let lastUs = -1;
  return {
    headers: (status, headers) => listener.headers(clock.nowUs(), status, headers),
    chunk(bytes) {
      const atUs = clock.nowUs();
      listener.chunk(atUs, bytes, atUs === lastUs);
      lastUs = atUs;
    },
    ended: () => listener.ended(clock.nowUs()),
    failed: () =>
      listener.failed(clock.nowUs(), {
        outcome: 'truncated',
        detail: 'ECONNRESET',
        message: 'the mock broke the connection',
      }),
  };
}
