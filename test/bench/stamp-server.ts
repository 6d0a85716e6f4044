import { createServer, type ServerResponse } from 'node:http';
import { systemClock } from '../../lib/timing/clock.ts';

// Streams tokens and keeps the machine's monotonic time at which each was handed to the socket. A process of its own.
// `POST /paced?tokens=N&rate=R` sends N tokens at R a second; `POST /flood?tokens=N` as fast as the socket takes them;
// `GET /times?id=X` gives the times of the request that was sent with that `x-request-id`, once.

const clock = systemClock();
const head = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
const usage = (tokens: number) =>
  `data: {"id":"x","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":${tokens},"total_tokens":${tokens + 10}}}\n\ndata: [DONE]\n\n`;
const words = ['the', 'endpoint', 'answers', 'word', 'by', 'word', 'and', 'each', 'of', 'them', 'is', 'stamped'];
const event = (index: number) =>
  `data: {"id":"chatcmpl-7f1c8a2e","object":"chat.completion.chunk","created":1795000000,"model":"bench","choices":[{"index":0,"delta":{"content":" ${words[index % words.length]}"},"logprobs":null,"finish_reason":null}]}\n\n`;
const times = new Map<string, number[]>();

interface Stream {
  readonly response: ServerResponse;
  readonly tokens: number;
  readonly gapUs: number;
  readonly times: number[];
  sent: number;
  nextUs: number;
}

const streams = new Set<Stream>();

/** One pass a millisecond over all streams: each gets what is due, at its own phase. */
function pass(): void {
  for (const stream of streams) {
    while (stream.sent < stream.tokens && clock.nowUs() >= stream.nextUs) {
      stream.times.push(clock.nowUs());
      stream.response.write(event(stream.sent));
      stream.sent += 1;
      stream.nextUs += stream.gapUs;
    }
    if (stream.sent < stream.tokens) continue;
    stream.response.end(usage(stream.tokens));
    streams.delete(stream);
  }
}
setInterval(pass, 1);

async function flood(response: ServerResponse, tokens: number): Promise<void> {
  const perWrite = 200;
  for (let sent = 0; sent < tokens; sent += perWrite) {
    const count = Math.min(perWrite, tokens - sent);
    if (!response.write(Array.from({ length: count }, (_, index) => event(index)).join('')))
      await new Promise((resolve) => response.once('drain', resolve));
  }
  response.end(usage(tokens));
}

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    const url = new URL(request.url ?? '/', 'http://bench');
    const id = url.searchParams.get('id') ?? String(request.headers['x-request-id']);
    if (url.pathname === '/times') {
      response.end(JSON.stringify(times.get(id)));
      times.delete(id);
      return;
    }
    const tokens = Number(url.searchParams.get('tokens') ?? 100);
    response.socket?.setNoDelay(true);
    response.writeHead(200, head).flushHeaders();
    if (url.pathname === '/flood') return void flood(response, tokens);
    const gapUs = 1e6 / Number(url.searchParams.get('rate') ?? 50);
    const sent: number[] = [];
    times.set(id, sent);
    const stream: Stream = {
      response,
      tokens,
      gapUs,
      times: sent,
      sent: 0,
      nextUs: clock.nowUs() + Math.random() * gapUs,
    };
    response.once('close', () => streams.delete(stream));
    streams.add(stream);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
});
process.once('disconnect', () => process.exit(0));
