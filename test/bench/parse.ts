import { createParser } from 'eventsource-parser';
import { sseParser } from '../../lib/stream/sse.ts';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';

/** Events per CPU second of framing and dialect on a stream such as vLLM sends, by the size of the reads. */

const eventsPerStream = 20_000;
const secondsPerRow = 1;

function vllmStream(events: number): Buffer[] {
  const frame = (choices: unknown[], extra: object = {}) =>
    Buffer.from(
      `data: ${JSON.stringify({
        id: 'chatcmpl-5f0d6c2e8b7a4f0e9d1c3b5a79e8f601',
        object: 'chat.completion.chunk',
        created: 1_760_000_000,
        model: 'meta-llama/Llama-3.1-8B-Instruct',
        choices,
        ...extra,
      })}\n\n`,
    );
  const delta = (delta: object, finish_reason: string | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason, token_ids: null },
  ];
  return [
    frame(delta({ role: 'assistant', content: '' })),
    ...Array.from({ length: events }, (_, index) => frame(delta({ content: ` word${index % 97}` }))),
    frame(delta({ content: '' }, 'stop')),
    frame([], { usage: { prompt_tokens: 12, total_tokens: events + 12, completion_tokens: events } }),
    Buffer.from('data: [DONE]\n\n'),
  ];
}

function inReadsOf(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function framingOnly(reads: readonly Buffer[]): void {
  const ignore = () => undefined;
  const parser = sseParser({ event: ignore, unterminated: ignore, oversized: ignore });
  for (const read of reads) parser.push(read);
  parser.end();
}

function framingAndJson(reads: readonly Buffer[]): void {
  const parse = (_: string, data: string) => {
    if (data !== '[DONE]') JSON.parse(data);
  };
  const parser = sseParser({ event: parse, unterminated: parse, oversized: () => undefined });
  for (const read of reads) parser.push(read);
  parser.end();
}

function eventsourceParser(reads: readonly Buffer[]): void {
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent({ data }) {
      if (data !== '[DONE]') JSON.parse(data);
    },
  });
  for (const read of reads) parser.feed(decoder.decode(read, { stream: true }));
}

function wholeReader(reads: readonly Buffer[]): void {
  const reader = answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: () => 0 });
  reader.headers(0, 200, { 'content-type': 'text/event-stream' });
  reads.forEach((read, index) => {
    reader.chunk(index, read, false);
    reader.parse();
  });
  reader.ended(reads.length);
  const answer = reader.result();
  if (answer.tokenEventUs.length !== eventsPerStream)
    throw new Error(`read ${answer.tokenEventUs.length} token events`);
}

function cpuSecondsSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

function eventsPerSecond(run: (reads: readonly Buffer[]) => void, reads: readonly Buffer[]): number {
  run(reads);
  let streams = 0;
  const began = process.cpuUsage();
  while (cpuSecondsSince(began) < secondsPerRow) {
    run(reads);
    streams += 1;
  }
  return (streams * eventsPerStream) / cpuSecondsSince(began);
}

const events = vllmStream(eventsPerStream);
const whole = Buffer.concat(events);
const chunkings = {
  'one event a read': events,
  '1,460 bytes a read': inReadsOf(whole, 1460),
  '64 kB a read': inReadsOf(whole, 65_536),
};
const runs = {
  framing: framingOnly,
  'framing and JSON.parse': framingAndJson,
  'bytes to answer': wholeReader,
  'eventsource-parser and JSON.parse': eventsourceParser,
};

for (const [reads, chunks] of Object.entries(chunkings)) {
  for (const [name, run] of Object.entries(runs)) {
    const rate = Math.round(eventsPerSecond(run, chunks)).toLocaleString('en');
    process.stdout.write(`${reads.padEnd(20)} ${name.padEnd(34)} ${rate.padStart(12)} events per CPU second\n`);
  }
}
