import { closedLoop, type FinishedRequest } from '../load/closed-loop.ts';
import { countedCohort, timedCohort } from '../load/cohort.ts';
import type { MonotonicSchedule } from '../load/monotonic-schedule.ts';
import type { Assignment } from '../plan/assignment.ts';
import { outputLimit } from '../plan/budget.ts';
import { isParity } from '../plan/pass.ts';
import type { ReceiptState } from '../record/receipt.ts';
import { answerReader } from '../target/answer-reader.ts';
import { openaiChat } from '../target/openai-chat.ts';
import type { Target } from '../target/target.ts';
import { type Asked, askedBy } from '../workload/asked.ts';
import type { Row } from '../workload/row.ts';
import { type Credential, openCredential } from './credential.ts';
import type { NotReady } from './not-ready.ts';
import { openStreams } from './open-streams.ts';
import type { WorkerPorts } from './ports.ts';
import { probe } from './probe.ts';
import { reportProgress } from './progress.ts';
import type { Tokens } from './purse.ts';
import { readRows } from './read-rows.ts';
import { recordOf } from './record-of.ts';
import type { Recorded, Recorder } from './recorder.ts';
import { requestSource } from './request-source.ts';
import type { Tally } from './tally.ts';
import { rulesFor } from './target-rules.ts';
import { notStoredFailure, type TimeLimit } from './time-limit.ts';
import { isTooLate } from './too-late.ts';
import { watchHealth } from './watch-health.ts';

export interface HoldStageOptions {
  readonly assignment: Assignment;
  readonly ports: WorkerPorts;
  readonly schedule: MonotonicSchedule;
  readonly tally: Tally;
  /** Aborted by the run or by the time limit. */
  readonly stop: AbortSignal;
  readonly limit: TimeLimit;
}

/** What requests are made of, and where finished ones go. */
interface Sink {
  readonly credential: Credential;
  /** Of the workload's file; null without one. */
  readonly rows: readonly Row[] | null;
  /** Whether the budget has enough for a stream's next request, which it then sets aside. */
  admit(stream: number, ordinal: number): boolean;
  onNotReady(waiting: NotReady): void;
  onFinished(finished: FinishedRequest): void;
}

/**
 * Holds this worker's share of a stage's load, or probes, and stores the records; the tally keeps the counts.
 * @throws Error when the target is not allowed from here or its key can't be had; nothing is sent then
 */
export async function holdStage(options: HoldStageOptions): Promise<ReceiptState> {
  const { assignment, ports, schedule, tally } = options;
  const { stage, target: planned } = assignment;
  const url = openaiChat.endpoint(planned.url);
  // Of the very address that is sent to, before the key is read.
  const rules = rulesFor({ url, auth: planned.auth }, ports.allowed);
  const nowUs = ports.clock.nowUs();
  tally.lateMs = Math.max(0, (nowUs - schedule.startsUs) / 1000);
  if (isTooLate(stage, schedule, nowUs)) return 'late';
  const rows = await readRows(ports.store, assignment);
  const newTarget = (address: string) => ports.newTarget(address, rules);
  const credential = await openCredential({ ...ports, target: planned, newTarget });
  const target = newTarget(url);
  const place = { sweepId: assignment.sweepId, stage: stage.stage, worker: assignment.worker };
  const records = ports.newRecorder(place);
  const progress = reportProgress(ports, assignment, () => tally.inFlight.current);
  const context = {
    worker: assignment.worker,
    schedule,
    requestsPerStream: stage.requestsPerStream,
    askedOf: askedBy({ ...assignment, rows }),
    scrub: credential.scrub,
  };
  const mostOf = (stream: number, ordinal: number) => mostTokens(context.askedOf(stream, ordinal), assignment);
  const admit = (stream: number, ordinal: number) => tally.purse.reserve(mostOf(stream, ordinal));
  const onFinished = (finished: FinishedRequest) => {
    const record = recordOf(finished, context);
    tally.purse.settle(mostOf(finished.stream, finished.ordinal), { ...record, sent: record.sentUs !== null });
    records.add(record);
    tally.add(record);
    progress.add(record);
  };
  const flushing = flushRegularly(options, () => records.flush());
  try {
    return await pressTarget(options, target, { credential, rows, admit, onNotReady: progress.notReady, onFinished });
  } catch (error) {
    // What failed may quote what was sent, and the receipt keeps its words.
    throw new Error(credential.scrub(error instanceof Error ? error.message : String(error)), { cause: error });
  } finally {
    flushing.abort();
    progress.close();
    credential.close();
    tally.credentialFailure = credential.failure;
    tally.socketsOpened = target.socketsOpened();
    await target.close();
    tally.recorded = (await options.limit.inTime(records.close())) ?? (await lostRecords(records, tally));
  }
}

/** Nobody can say any more which of them were stored; a thread that still tries would outlive its worker. */
async function lostRecords(records: Recorder, { requests }: Tally): Promise<Recorded> {
  await records.abandon();
  return { parts: 0, rows: 0, lost: requests, failure: notStoredFailure };
}

async function pressTarget(options: HoldStageOptions, target: Target, sink: Sink): Promise<ReceiptState> {
  const { assignment, ports, tally } = options;
  const { credential, rows, admit, onFinished } = sink;
  const onFlight = (change: 1 | -1, atUs: number) => tally.inFlight.change(change, atUs);
  if (assignment.stage.kind === 'probe') {
    const { clock, idle } = ports;
    const { stop } = options;
    tally.probe = await probe({
      assignment,
      dialect: openaiChat,
      target,
      credential,
      rows,
      clock,
      idle,
      stop,
      readyUntilUs: readyUntilUs(options),
      onNotReady: sink.onNotReady,
      onFlight,
      onFinished,
    });
    return stop.aborted ? 'stopped' : 'done';
  }
  const newRequest = requestSource({ assignment, dialect: openaiChat, keyNow: credential.value, rows });
  const streams = await openStreams(options, target);
  const { usageInStream } = assignment.target;
  const { requestsPerStream } = assignment.stage;
  const watch = watchHealth(options);
  const holding = closedLoop({
    streams,
    schedule: options.schedule,
    cohort:
      requestsPerStream === null ? timedCohort(options.schedule) : countedCohort(streams.length, requestsPerStream),
    deadlines: assignment.deadlines,
    clock: ports.clock,
    idle: ports.idle,
    stop: options.stop,
    admit,
    nextRequest: (stream, ordinal) => newRequest({ stream, ordinal, words: null, usageInStream }),
    newReader: () =>
      answerReader({
        dialect: openaiChat,
        streamAsked: !isParity(assignment.stage.pass),
        nowEpochMs: ports.clock.nowEpochMs,
        scrub: credential.scrub,
      }),
    onFlight,
    onFinished,
  });
  tally.loop = await holding.finally(watch.close);
  if (options.stop.aborted || ranOutEarly(options)) return 'stopped';
  return streams.length > 0 && tally.loop.streamsGaveUp === streams.length ? 'gave_up' : 'done';
}

/** The probe's own requests are to have this long of its stage when the endpoint is ready. */
const keptForRequestsMs = 60_000;

function readyUntilUs({ assignment, ports, schedule }: HoldStageOptions): number | null {
  const { readyWithin } = assignment.target;
  if (readyWithin === null) return null;
  return Math.min(ports.clock.nowUs() + readyWithin * 1000, schedule.stopsUs - keptForRequestsMs * 1000);
}

/** The share of the budget was gone before the window was over. */
function ranOutEarly({ tally, ports, schedule }: HoldStageOptions): boolean {
  return tally.purse.ranOutOf !== null && ports.clock.nowUs() < (schedule.windowEndsUs ?? Number.POSITIVE_INFINITY);
}

/** What a request takes at most; of a prompt whose length nobody knows the mean stands for it. */
function mostTokens({ inputTokens, outputTokens }: Asked, { stage, target }: Assignment): Tokens {
  return {
    inputTokens: inputTokens ?? stage.cell.inputTokens,
    outputTokens: outputLimit(target.parameters, outputTokens),
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
