import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { createParser } from 'eventsource-parser';
import type { RecorderThreadData } from '../../lib/fleet/recorder-entry.ts';
import { Exchange } from '../../lib/load/exchange.ts';
import { answerReader } from '../../lib/target/answer-reader.ts';
import { httpTarget } from '../../lib/target/http-target.ts';
import { openaiChat } from '../../lib/target/openai-chat.ts';
import type { Connection } from '../../lib/target/target.ts';
import { systemClock } from '../../lib/timing/clock.ts';
import { idleQueue } from '../../lib/timing/idle-queue.ts';
import { readTick } from '../../lib/timing/tick.ts';
import { recordOf } from '../../lib/worker/record-of.ts';
import type { Recorder } from '../../lib/worker/recorder.ts';
import { threadRecorder } from '../../lib/worker/thread-recorder.ts';
import { bareReader } from './bare-reader.ts';

/** What the driver asks of a client process. */
export interface ClientTask {
  readonly client: 'ours' | 'plain' | 'bare';
  readonly url: string;
  readonly streams: number;
  /** Answers per stream, one after another. */
  readonly answers: number;
  /** Records are encoded and stored here while the load runs; null: they are only made. */
  readonly folder: string | null;
}

export interface ClientResult {
  /** Stamp less the time of the server's write, in microseconds, of every token. */
  readonly errorsUs: readonly number[];
  /** The same of first tokens. */
  readonly firstErrorsUs: readonly number[];
  readonly tokens: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly rssGrowthKb: number;
  readonly utilisation: number;
  readonly loopDelayP99Ms: number;
}

interface Seen {
  readonly id: string;
  stampsUs(): readonly number[];
}

const clock = systemClock();
const body = JSON.stringify({ model: 'bench', messages: [{ role: 'user', content: 'hi' }], stream: true });

let requests = 0;
const newId = () => `${process.pid}-${requests++}`;

/** Our way: the very code of a worker, from socket to record. */
function ours({ url, streams, folder }: ClientTask): (() => Promise<Seen>)[] {
  const target = httpTarget({ url, clock, tick: readTick() });
  const idle = idleQueue(clock);
  const connections: Connection[] = Array.from({ length: streams }, () => target.connect());
  const entry = join(import.meta.dirname, '..', '..', 'lib', 'fleet', 'recorder-entry.ts');
  const data = (worker: number): RecorderThreadData => ({
    place: { sweepId: 'bench', stage: 1, worker },
    store: { folder: folder ?? '' },
  });
  const records: Recorder | null =
    folder === null ? null : threadRecorder(new Worker(entry, { workerData: data(process.pid) }));
  const nowUs = clock.nowUs();
  const schedule = { startsUs: nowUs, windowStartsUs: nowUs, windowEndsUs: nowUs + 60e6, stopsUs: nowUs + 120e6 };
  const context = {
    worker: 0,
    requestsPerStream: null,
    schedule,
    askedOf: () => ({ inputTokens: 10, outputTokens: 100 }),
    scrub: (text: string) => text,
  };
  const deadlines = { connectMs: 10_000, firstTokenMs: 60_000, idleMs: 60_000, totalMs: 120_000 };
  const one = async (connection: Connection, stream: number): Promise<Seen> => {
    const reader = answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: clock.nowEpochMs });
    const id = newId();
    const request = { id, headers: { 'content-type': 'application/json', 'x-request-id': id }, body };
    const dueUs = clock.nowUs();
    const exchanged = await new Exchange({ connection, request, reader, clock, idle, deadlines }).done;
    const record = recordOf({ ...exchanged, stream, ordinal: 0, request, dueUs }, context);
    records?.add(record);
    if (record.outcome !== 'ok') throw new Error(`${record.outcome} ${record.message}`);
    return { id, stampsUs: () => exchanged.answer.tokenEventUs };
  };
  return connections.map((connection, stream) => () => one(connection, stream));
}

/** The way most clients are written: fetch, eventsource-parser, JSON.parse and a stamp an event, in the reading loop. */
function plain({ url, streams }: ClientTask): (() => Promise<Seen>)[] {
  const one = async (): Promise<Seen> => {
    const stampsUs: number[] = [];
    const id = newId();
    const headers = { 'content-type': 'application/json', 'x-request-id': id };
    const response = await fetch(url, { method: 'POST', headers, body });
    const parser = createParser({
      onEvent({ data }) {
        if (data === '[DONE]') return;
        const chunk = JSON.parse(data) as { choices: { delta: { content?: string } }[] };
        if (!chunk.choices[0]?.delta.content) return;
        stampsUs.push(clock.nowUs());
      },
    });
    const decoder = new TextDecoder();
    for await (const bytes of response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
    return { id, stampsUs: () => stampsUs };
  };
  return Array.from({ length: streams }, () => one);
}

/** The floor: Node reads, nobody looks at what came before the answer is over. */
function bare({ url, streams }: ClientTask): (() => Promise<Seen>)[] {
  const readers = Array.from({ length: streams }, () => bareReader(clock.nowUs));
  return readers.map((reader) => async () => {
    const id = newId();
    const answer = await reader.post(new URL(url), id, body);
    return { id, stampsUs: () => answer.stampsUs() };
  });
}

const clients = { ours, plain, bare } as const;

/** Stamp less the time of the server's write, token by token. */
async function errorsOf({ id, stampsUs: stamps }: Seen, url: string): Promise<number[]> {
  const response = await fetch(new URL(`/times?id=${id}`, url));
  const trueUs = (await response.json()) as number[];
  const stampsUs = stamps();
  if (trueUs.length !== stampsUs.length) throw new Error(`${stampsUs.length} stamps of ${trueUs.length} tokens`);
  return stampsUs.map((us, index) => us - (trueUs[index] ?? Number.NaN));
}

/** The streams' first requests are spread over this time. */
const spreadUs = 500_000;

async function run(task: ClientTask): Promise<ClientResult> {
  const streams = clients[task.client](task);
  await Promise.all(streams.map((ask) => ask()));
  globalThis.gc?.();
  const rssBefore = process.memoryUsage().rss;
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  const utilisation = performance.eventLoopUtilization();
  const cpu = process.threadCpuUsage();
  const startedUs = clock.nowUs();
  const seen: Seen[] = [];
  let rssMost = rssBefore;
  // As in a stage: starts are spread, and a stream that is free asks again.
  const keepAsking = async (ask: () => Promise<Seen>, stream: number) => {
    await clock.sleepUntil(startedUs + (spreadUs * stream) / streams.length);
    for (let answer = 0; answer < task.answers; answer++) seen.push(await ask());
  };
  const watch = setInterval(() => {
    rssMost = Math.max(rssMost, process.memoryUsage().rss);
  }, 250);
  await Promise.all(streams.map(keepAsking));
  clearInterval(watch);
  const wallMs = (clock.nowUs() - startedUs) / 1000;
  const used = process.threadCpuUsage(cpu);
  const tokens = seen.reduce((sum, { stampsUs }) => sum + stampsUs().length, 0);
  const errors = task.url.includes('/flood') ? [] : await Promise.all(seen.map((one) => errorsOf(one, task.url)));
  return {
    errorsUs: errors.flat(),
    firstErrorsUs: errors.map(([first]) => first ?? Number.NaN),
    tokens,
    wallMs,
    cpuMs: (used.user + used.system) / 1000,
    rssGrowthKb: (rssMost - rssBefore) / 1024,
    utilisation: performance.eventLoopUtilization(utilisation).utilization,
    loopDelayP99Ms: Math.max(0, delays.percentile(99) / 1e6 - 10),
  };
}

process.once('message', (task: ClientTask) => {
  void run(task).then((result) => process.send?.(result, () => process.exit(0)));
});
