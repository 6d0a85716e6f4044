import type { StageData } from '../../lib/curve/run.ts';
import { type SeededRandom, seededRandom } from '../../lib/plan/seeded-random.ts';
import { shareOf } from '../../lib/plan/share.ts';
import { type Stage, type StageDesign, scheduleStage } from '../../lib/plan/stage.ts';
import { gapCounter } from '../../lib/record/gap-histogram.ts';
import type { Receipt } from '../../lib/record/receipt.ts';
import { phases, type RequestRecord, slicesPerWindow } from '../../lib/record/request-record.ts';
import { stageColumnsOf } from '../../lib/record/stage-columns.ts';
import { windowTokensBySlice } from '../../lib/record/window-tokens.ts';
import { request } from '../record/request.ts';

export interface Sample {
  readonly stage: Stage;
  readonly records: readonly RequestRecord[];
  readonly receipts: readonly Receipt[];
}

export interface SampleOptions {
  readonly seed?: string;
  readonly design?: Partial<StageDesign>;
  /** Mean time of an answer in milliseconds. */
  readonly latencyMs?: number;
  readonly tokens?: number;
  readonly failureShare?: number;
}

/** Two seconds of warm-up, twenty of window, two of drain. */
export function sampleStage(design: Partial<StageDesign> = {}): Stage {
  return scheduleStage(
    'test',
    {
      stage: 1,
      kind: 'load',
      level: 4,
      repeat: 0,
      cell: { inputTokens: 100, outputTokens: 8 },
      pass: null,
      warmUpMs: 2000,
      windowMs: 20_000,
      requestsPerStream: null,
      drainMs: 2000,
      rampMs: 400,
      workers: 1,
      ...design,
    },
    1_000_000,
  );
}

/** A stage of closed loops whose answers take random times: the same seed gives the same stage. */
export function sample(options: SampleOptions = {}): Sample {
  const stage = sampleStage(options.design);
  const random = seededRandom(options.seed ?? 'sample');
  const records = Array.from({ length: stage.workers }, (_, worker) => worker).flatMap((worker) => {
    const { first, count } = shareOf(stage.level, worker, stage.workers);
    return Array.from({ length: count }, (_, index) => loop({ stage, worker, stream: first + index, random, options }));
  });
  return { stage, records: records.flat(), receipts: receiptsOf(stage, records.flat()) };
}

interface LoopOptions {
  readonly stage: Stage;
  readonly worker: number;
  readonly stream: number;
  readonly random: SeededRandom;
  readonly options: SampleOptions;
}

/** One stream's requests, one after another, 50 µs apart; the last is cut off when the drain is half over. */
function loop({ stage, worker, stream, random, options }: LoopOptions): RequestRecord[] {
  const endUs = (stage.warmUpMs + (stage.windowMs ?? 0) + stage.drainMs / 2) * 1000;
  const records: RequestRecord[] = [];
  let dueUs = Math.round((stage.rampMs * 1000 * stream) / stage.level);
  for (let ordinal = 0; dueUs < endUs; ordinal++) {
    const tokens = 2 + Math.floor(random() * (2 * (options.tokens ?? 8) - 3));
    const took = Math.round((options.latencyMs ?? 400) * 1000 * (0.5 + random()));
    const failed = random() < (options.failureShare ?? 0);
    const place = { worker, stream, ordinal, dueUs, phase: phaseOf(stage, dueUs) };
    const made = failed ? failedRequest(place, took) : answer(stage, { ...place, took, tokens });
    const settledUs = made.settledUs ?? dueUs;
    records.push(settledUs <= endUs ? made : cancelled(made, endUs));
    dueUs = settledUs + 50;
  }
  return records;
}

type Place = Pick<RequestRecord, 'worker' | 'stream' | 'ordinal' | 'dueUs' | 'phase'>;

export function phaseOf(stage: Stage, dueUs: number): RequestRecord['phase'] {
  const startUs = stage.warmUpMs * 1000;
  const [before, within, after] = phases;
  if (dueUs < startUs) return before;
  return dueUs < startUs + (stage.windowMs ?? 0) * 1000 ? within : after;
}

/** An ok answer: the first token after a quarter of the time, the others evenly until its end. */
export function answer(
  stage: Stage,
  { took, tokens, ...place }: Place & { took: number; tokens: number },
): RequestRecord {
  const sentUs = place.dueUs + 20;
  const firstUs = sentUs + Math.round(took / 4);
  const stepUs = Math.floor((took * 0.75) / tokens);
  const eventUs = Array.from({ length: tokens }, (_, event) => firstUs + event * stepUs);
  const lastTokenUs = eventUs.at(-1) ?? firstUs;
  const startsUs = stage.warmUpMs * 1000;
  const window = { startsUs, endsUs: startsUs + (stage.windowMs ?? 0) * 1000 };
  const bySlice = windowTokensBySlice({ tokens, eventUs, cumulative: null }, window);
  return request({
    ...place,
    requestId: `s0001-w${place.worker}-${place.stream}-${place.ordinal}`,
    sentUs,
    headersUs: firstUs - 10,
    firstEventUs: firstUs,
    firstTokenUs: firstUs,
    firstVisibleTokenUs: firstUs,
    lastTokenUs,
    endUs: sentUs + took,
    settledUs: sentUs + took,
    outputTokens: tokens,
    streamedTokens: tokens,
    tokenReads: tokens,
    tokenEvents: tokens,
    tokenGapsUs: new Array<number>(tokens - 1).fill(stepUs),
    windowTokens: bySlice.reduce((sum, part) => sum + part, 0),
    windowTokensBySlice: bySlice,
  });
}

const unanswered = {
  httpStatus: null,
  finishReason: null,
  headersUs: null,
  firstEventUs: null,
  firstTokenUs: null,
  firstVisibleTokenUs: null,
  lastTokenUs: null,
  endUs: null,
  inputTokens: null,
  outputTokens: null,
  streamedTokens: null,
  tokenSource: null,
  tokenReads: 0,
  tokenEvents: 0,
  tokenGapsUs: [],
  windowTokens: null,
  windowTokensBySlice: null,
} as const satisfies Partial<RequestRecord>;

export function failedRequest(place: Place, took: number): RequestRecord {
  const sentUs = place.dueUs + 20;
  const ending = { outcome: 'http_error', message: 'overloaded', sentUs, settledUs: sentUs + took } as const;
  return request({ ...place, ...unanswered, ...ending });
}

function cancelled(record: RequestRecord, atUs: number): RequestRecord {
  return {
    ...record,
    ...unanswered,
    outcome: 'cancelled',
    message: null,
    settledUs: Math.max(atUs, record.sentUs ?? 0),
  };
}

/** The receipts that workers without a flaw would leave, with a gauge of the slowest kind. */
export function receiptsOf(stage: Stage, records: readonly RequestRecord[]): Receipt[] {
  return Array.from({ length: stage.workers }, (_, worker) => receiptOf(stage, worker, records));
}

function receiptOf(stage: Stage, worker: number, records: readonly RequestRecord[]): Receipt {
  const own = records.filter((record) => record.worker === worker);
  const gaps = gapCounter();
  for (const { phase, outcome, tokenGapsUs } of own) {
    if (phase === 'cohort' && outcome === 'ok') for (const gapUs of tokenGapsUs) gaps.add(gapUs);
  }
  const bySlice = Array.from({ length: slicesPerWindow }, (_, slice) => inFlightSeconds(stage, own, slice));
  return {
    schema: 'paretoken.receipt.v1',
    sweepId: stage.sweepId,
    stage: stage.stage,
    worker,
    nonce: '00',
    state: 'done',
    failure: null,
    streams: shareOf(stage.level, worker, stage.workers).count,
    lateMs: 0,
    outcomes: countsOf(own),
    requests: own.length,
    cohort: own.filter(({ phase }) => phase === 'cohort').length,
    records: { parts: 1, rows: own.length, lost: 0 },
    window: null,
    inFlightSeconds: bySlice.reduce((sum, seconds) => sum + seconds, 0),
    inFlightSecondsBySlice: bySlice,
    pausedSeconds: 0,
    streamsGaveUp: 0,
    socketsOpened: shareOf(stage.level, worker, stage.workers).count,
    controlUnreadable: false,
    interChunk: gaps.histogram(),
    health: { eventLoopDelayMs: { p50: 0.1, p99: 1, max: 2 }, cpuShare: 0.2, gcPauseMs: { total: 5, max: 2 } },
    anchors: {
      startEpochMs: stage.startsAtEpochMs - 1000,
      startMonotonicUs: 0,
      endEpochMs: stage.stopsAtEpochMs,
      endMonotonicUs: (stage.stopsAtEpochMs - stage.startsAtEpochMs + 1000) * 1000,
    },
    machine: { node: 'v24.0.0', platform: 'linux', cpus: 2, region: 'eu-west-1' },
    probe: null,
  };
}

function countsOf(records: readonly RequestRecord[]): Receipt['outcomes'] {
  return Object.fromEntries(
    Array.from(
      Map.groupBy(records, ({ outcome }) => outcome),
      ([outcome, { length }]) => [outcome, length],
    ),
  );
}

function inFlightSeconds(stage: Stage, records: readonly RequestRecord[], slice: number): number {
  const sliceUs = ((stage.windowMs ?? 0) * 1000) / slicesPerWindow;
  const fromUs = stage.warmUpMs * 1000 + slice * sliceUs;
  const overlaps = records.map(({ sentUs, settledUs }) =>
    sentUs === null || settledUs === null
      ? 0
      : Math.max(0, Math.min(settledUs, fromUs + sliceUs) - Math.max(sentUs, fromUs)),
  );
  return overlaps.reduce((sum, us) => sum + us / 1e6, 0);
}

/** A sample as a point is made of it. */
export function dataOf({ stage, records, receipts }: Sample): StageData {
  return { stage, columns: stageColumnsOf(records), receipts, partsUnreadable: 0 };
}
