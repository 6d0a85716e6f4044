import { closedLoop, type FinishedRequest, type LoadStream } from '../load/closed-loop.ts';
import { countedCohort, timedCohort } from '../load/cohort.ts';
import type { MonotonicSchedule } from '../load/monotonic-schedule.ts';
import type { Assignment } from '../plan/assignment.ts';
import { shareOf } from '../plan/share.ts';
import type { ReceiptState } from '../record/receipt.ts';
import { answerReader } from '../target/answer-reader.ts';
import { openaiChat } from '../target/openai-chat.ts';
import type { Connection, Target } from '../target/target.ts';
import { wordsForTokens } from '../workload/prompt.ts';
import type { WorkerPorts } from './ports.ts';
import { probe } from './probe.ts';
import { reportProgress } from './progress.ts';
import { recordOf } from './record-of.ts';
import { requestSource } from './request-source.ts';
import { scrubber } from './scrub.ts';
import type { Tally } from './tally.ts';

export interface HoldStageOptions {
  readonly assignment: Assignment;
  readonly ports: WorkerPorts;
  readonly schedule: MonotonicSchedule;
  readonly tally: Tally;
  readonly stop: AbortSignal;
}

/** Where finished requests go, and the words that make a secret invisible in them. */
interface Sink {
  readonly secret: string | null;
  readonly scrub: (text: string) => string;
  onFinished(finished: FinishedRequest): void;
}

/** Holds this worker's share of a stage's load, or probes, and stores the records; the tally keeps the counts. */
export async function holdStage(options: HoldStageOptions): Promise<ReceiptState> {
  const { assignment, ports, schedule, tally } = options;
  const { stage, target: planned } = assignment;
  const lateUs = ports.clock.nowUs() - schedule.startsUs;
  tally.lateMs = Math.max(0, lateUs / 1000);
  if (stage.kind !== 'probe' && lateUs > 0 && ports.clock.nowUs() > schedule.windowStartsUs) return 'late';
  const secret = planned.auth === null ? null : await ports.secrets.resolve(planned.auth);
  const scrub = scrubber(secret);
  const target = ports.newTarget(openaiChat.endpoint(planned.url));
  const place = { sweepId: assignment.sweepId, stage: stage.stage, worker: assignment.worker };
  const records = ports.newRecorder(place);
  const progress = reportProgress(ports, assignment, () => tally.inFlight.current);
  const context = {
    worker: assignment.worker,
    schedule,
    requestsPerStream: stage.requestsPerStream,
    askedInputTokens: stage.cell.inputTokens,
    askedOutputTokens: stage.cell.outputTokens,
    scrub,
  };
  const onFinished = (finished: FinishedRequest) => {
    const record = recordOf(finished, context);
    records.add(record);
    tally.add(record);
    progress.add(record);
  };
  const flushing = flushRegularly(options, () => records.flush());
  try {
    return await pressTarget(options, target, { secret, scrub, onFinished });
  } finally {
    flushing.abort();
    progress.close();
    tally.socketsOpened = target.socketsOpened();
    await target.close();
    tally.recorded = await records.close();
  }
}

async function pressTarget(options: HoldStageOptions, target: Target, sink: Sink): Promise<ReceiptState> {
  const { assignment, ports, tally } = options;
  const { secret, onFinished } = sink;
  const onFlight = (change: 1 | -1, atUs: number) => tally.inFlight.change(change, atUs);
  if (assignment.stage.kind === 'probe') {
    const { clock, idle } = ports;
    const { stop } = options;
    tally.probe = await probe({
      assignment,
      dialect: openaiChat,
      target,
      secret,
      clock,
      idle,
      stop,
      onFlight,
      onFinished,
    });
    return 'done';
  }
  const newRequest = requestSource({ assignment, dialect: openaiChat, secret });
  const streams = await openStreams(options, target);
  const words = wordsForTokens(assignment.stage.cell.inputTokens, assignment.wordsToTokens);
  const { usageInStream } = assignment.target;
  const { requestsPerStream } = assignment.stage;
  const watch = watchHealth(options);
  tally.loop = await closedLoop({
    streams,
    schedule: options.schedule,
    cohort:
      requestsPerStream === null ? timedCohort(options.schedule) : countedCohort(streams.length, requestsPerStream),
    deadlines: assignment.deadlines,
    clock: ports.clock,
    idle: ports.idle,
    stop: options.stop,
    nextRequest: (stream, ordinal) => newRequest({ stream, ordinal, words, usageInStream }),
    newReader: () =>
      answerReader({ dialect: openaiChat, streamAsked: true, nowEpochMs: ports.clock.nowEpochMs, scrub: sink.scrub }),
    onFlight,
    onFinished,
  });
  watch.close();
  if (options.stop.aborted) return 'stopped';
  return streams.length > 0 && tally.loop.streamsGaveUp === streams.length ? 'gave_up' : 'done';
}

/** Opens this worker's sockets shortly before the start; the streams' first requests are spread over the ramp. */
async function openStreams(
  { assignment, ports, schedule, stop }: HoldStageOptions,
  target: Target,
): Promise<LoadStream[]> {
  const { stage, worker, tempo } = assignment;
  const { clock } = ports;
  const share = shareOf(stage.level, worker, stage.workers);
  const connections: Connection[] = Array.from({ length: share.count }, () => target.connect());
  await clock.sleepUntil(schedule.startsUs - tempo.connectAheadMs * 1000, stop);
  if (!stop.aborted) {
    const opened = Promise.all(connections.map((connection) => connection.open()));
    await Promise.race([opened, clock.sleepUntil(schedule.startsUs, stop)]);
  }
  return connections.map((connection, index) => {
    const stream = share.first + index;
    const plannedUs = schedule.startsUs + Math.round((stage.rampMs * 1000 * stream) / stage.level);
    return { index: stream, connection, firstDueUs: Math.max(plannedUs, clock.nowUs()) };
  });
}

/** Watches the client's own health over the window, of a counted stage from its start to its end. */
function watchHealth({ ports, schedule, tally }: HoldStageOptions): { close(): void } {
  const monitor = ports.newHealthMonitor();
  let state: 'before' | 'watching' | 'over' = 'before';
  const stop = () => {
    if (state === 'watching') tally.health = monitor.stop();
    state = 'over';
  };
  const start = () => {
    if (state !== 'before') return;
    state = 'watching';
    monitor.start();
  };
  const cancelStart = ports.clock.callAt(schedule.windowStartsUs, start);
  const cancelStop = ports.clock.callAt(schedule.windowEndsUs ?? schedule.stopsUs, stop);
  return {
    close() {
      cancelStart();
      cancelStop();
      stop();
    },
  };
}

function flushRegularly(
  { ports: { clock }, assignment }: HoldStageOptions,
  flush: () => Promise<void>,
): AbortController {
  const closed = new AbortController();
  const loop = async () => {
    while (!closed.signal.aborted) {
      await clock.sleepUntil(clock.nowUs() + assignment.tempo.flushMs * 1000, closed.signal);
      if (!closed.signal.aborted) await flush();
    }
  };
  void loop();
  return closed;
}
