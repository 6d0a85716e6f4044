import { answersOf } from '../../lib/curve/answers.ts';
import type { Curve } from '../../lib/curve/curve.ts';
import { kneeOf } from '../../lib/curve/knee.ts';
import type { ClientPoint, Distribution, GapDistribution, Point, Rate, Reason, Usage } from '../../lib/curve/point.ts';
import { sumOfUsage } from '../../lib/curve/usage.ts';
import { type SeededRandom, seededRandom } from '../../lib/plan/seeded-random.ts';
import type { Cell } from '../../lib/plan/stage.ts';
import type { Interval, ValidityState } from '../../lib/plan/verdict.ts';
import type { Report } from '../../lib/report/report.ts';
import { checkSpec } from '../../lib/spec/parse.ts';

/** What a sample sweep is made of; everything else follows from a closed form and the seed. */
export interface SampleOptions {
  readonly levels?: readonly number[];
  readonly name?: string;
  readonly model?: string | null;
  readonly url?: string;
  readonly streamed?: boolean;
  readonly tokensCounted?: boolean;
  readonly cell?: Cell;
  readonly seed?: number;
}

const startedAtEpochMs = Date.UTC(2026, 4, 4, 9, 30, 0);
const none: Interval = [null, null];

/** Throughput that the endpoint tends to, and the level at which it reaches 63 % of it. */
const topTokensPerSecond = 2400;
const levelScale = 12;

/** A finished sweep of seven levels with the knee at 32: T(L) = top × (1 − exp(−L ÷ scale)). */
export function sampleReport(options: SampleOptions = {}): Report {
  const {
    levels = [1, 2, 4, 8, 16, 32, 64],
    name = 'nightly',
    model = 'llama-3.1-8b-instruct',
    cell = { inputTokens: 2048, outputTokens: 256 },
  } = options;
  const spec = checkSpec({
    name,
    target: {
      url: options.url ?? 'https://llm.example.com/v1',
      model,
      auth: { env: 'LLM_KEY' },
      headers: { 'x-tenant': 'benchmarks' },
      parameters: { temperature: 0 },
    },
    workload: cell,
    load: { levels },
  });
  const random = seededRandom('sample', options.seed ?? 1);
  const points = levels.map((level, index) => samplePoint(level, index + 1, options, cell, random));
  return {
    schema: 'paretoken.report.v1',
    sweepId: '20260504T0930Z-nightly',
    name,
    target: { url: 'https://llm.example.com/v1/chat/completions', model },
    startedAtEpochMs,
    updatedAtEpochMs: startedAtEpochMs + 9 * 60_000,
    spec,
    version: '0.1.0',
    machine: { node: 'v24.21.0', platform: 'linux-arm64', cpus: 8, region: null },
    probe: {
      ok: true,
      httpStatus: 200,
      streaming: options.streamed ?? true,
      usageInStream: true,
      tokenSource: (options.tokensCounted ?? true) ? 'usage' : null,
      protocol: 'http/1.1',
      remoteAddress: '203.0.113.7',
      tcpMs: 2.4,
      tlsMs: 7.9,
      model,
      wordsToTokens: { slope: 1.31, intercept: 11 },
      promptTokens: (options.tokensCounted ?? true) ? 512 : null,
      reasoning: (options.tokensCounted ?? true) ? 'none' : null,
      exactPrompts: null,
      waitedMs: null,
      latenciesMs: [2790, 2700, 2688],
      ttftMs: 171,
      warnings: [
        ...((options.streamed ?? true) ? [] : (['not_streamed'] as const)),
        ...((options.tokensCounted ?? true) ? [] : (['no_usage'] as const)),
      ],
      failure: null,
    },
    points,
    driftPoint:
      levels.length > 1
        ? { ...samplePoint(levels[0] ?? 1, levels.length + 1, options, cell, random), kind: 'drift' }
        : null,
    notebook: [],
    curves: [curveOf(points, cell)],
    usage: sumOfUsage([probeUsage, ...points.map(({ usage }) => usage ?? probeUsage)]),
    cost: null,
    ended: { reason: 'done', detail: null },
    warnings: [],
  };
}

/** Output tokens per second at a level, and by Little's law the latency: L × n ÷ T. */
export function closedForm(level: number, outputTokens: number) {
  const tokensPerSecond = topTokensPerSecond * (1 - Math.exp(-level / levelScale));
  const latencyMs = (1000 * level * outputTokens) / tokensPerSecond;
  const ttftMs = 0.055 * latencyMs * (1 + (level / 40) ** 1.2);
  return { tokensPerSecond, latencyMs, ttftMs, tpotMs: (latencyMs - ttftMs) / (outputTokens - 1) };
}

function samplePoint(level: number, stage: number, options: SampleOptions, cell: Cell, random: SeededRandom): Point {
  const { tokensPerSecond, latencyMs, ttftMs, tpotMs } = closedForm(level, cell.outputTokens);
  const streamed = options.streamed ?? true;
  const counted = options.tokensCounted ?? true;
  const windowSeconds = Math.min(300, Math.max(30, (Math.max(12, 120 / level) * latencyMs) / 1000));
  const requests = Math.round((windowSeconds * tokensPerSecond) / cell.outputTokens);
  const jitter = () => 1 + (random() - 0.5) / 50;
  const metric = (p50: number, spread: number, given = true) =>
    distribution(p50 * jitter(), spread, given ? requests : 0);
  const busy = 1 + level / 160;
  const output = tokensPerSecond * jitter();
  return {
    schema: 'paretoken.point.v1',
    stage,
    stages: [stage],
    kind: 'load',
    level,
    cell,
    pass: null,
    loop: 'closed',
    startedAtEpochMs: startedAtEpochMs + stage * 75_000,
    windowSeconds,
    requests,
    ok: requests,
    errors: {},
    messages: [],
    errorShare: 0,
    ttftMs: shaped(metric(ttftMs, 0.28 * busy, streamed), 0.28 * busy),
    ttfoMs: metric(ttftMs, 0.28 * busy, streamed),
    tpotMs: shaped(metric(tpotMs, 0.09 * busy, streamed && counted), 0.09 * busy),
    latencyMs: shaped(metric(latencyMs, 0.07 * busy), 0.07 * busy),
    latencyFromDueMs: metric(latencyMs, 0.07 * busy),
    tokensPerSecondPerUser: metric(1000 / tpotMs, 0.09 * busy, streamed && counted),
    interChunkMs: streamed ? gaps(tpotMs * 0.97, 0.3 * busy, requests * (cell.outputTokens - 1)) : gaps(0, 0, 0),
    outputTokensPerSecond: rate(counted ? output : null, 0.021),
    totalTokensPerSecond: rate(counted ? output * (1 + cell.inputTokens / cell.outputTokens) : null, 0.021),
    requestsPerSecond: rate(output / cell.outputTokens, 0.03),
    throughputIsLowerBound: false,
    goodput: null,
    slo: null,
    meanInputTokens: counted ? cell.inputTokens * jitter() : null,
    meanOutputTokens: counted ? cell.outputTokens : null,
    slices: Array.from({ length: 20 }, () => ({
      outputTokensPerSecond: counted ? output * (1 + (random() - 0.5) / 8) : null,
      inFlight: level * (1 - random() / 40),
    })),
    usage: usageOf(requests, level, cell, counted),
    client: healthyClient(level),
    validity: requests < 100 ? { state: 'suspect', reasons: [fewSamples(requests)] } : { state: 'ok', reasons: [] },
    notebookPass: null,
    notebook: null,
    notes: [],
  };
}

const fewSamples = (measured: number): Reason => ({
  name: 'few_samples',
  state: 'suspect',
  measured,
  limit: 100,
  cause: null,
});

const probeUsage: Usage = { requests: 3, inputTokens: 6144, outputTokens: 768, requestsWithoutUsage: 0 };

/** The window with a warm-up of a fifth of it; at the end one request a stream is cancelled. */
function usageOf(cohort: number, level: number, cell: Cell, counted: boolean): Usage {
  const answered = Math.round(cohort * 1.2);
  return {
    requests: answered + level,
    inputTokens: counted ? answered * cell.inputTokens : 0,
    outputTokens: counted ? answered * cell.outputTokens : 0,
    requestsWithoutUsage: counted ? level : answered + level,
  };
}

function distribution(p50: number, spread: number, samples: number): Distribution {
  const enough = (p: number) => samples > 0 && samples >= 5 / (1 - p);
  const at = (p: number, sigmas: number) => (enough(p) ? p50 * (1 + spread * sigmas) : null);
  const width = (p: number, value: number | null): Interval => {
    if (value === null) return none;
    const half = (1.6 * spread * p50) / Math.sqrt(Math.max(1, samples * (1 - p)));
    return p > 0.98 && samples < 700 ? [value - half, null] : [value - half, value + half];
  };
  const values = { p50: at(0.5, 0), p90: at(0.9, 1.28), p95: at(0.95, 1.9), p99: at(0.99, 3.1) };
  return {
    ...values,
    mean: samples === 0 ? null : p50 * (1 + spread / 8),
    max: samples === 0 ? null : p50 * (1 + spread * 3.6),
    samples,
    ci: {
      p50: width(0.5, values.p50),
      p90: width(0.9, values.p90),
      p95: width(0.95, values.p95),
      p99: width(0.99, values.p99),
    },
    quantiles: null,
    withFailures: values,
  };
}

/** Standard deviations from the median by probability; the percentiles of a sample lie on them. */
const sigmas = [
  [0, -2.4],
  [0.1, -1.28],
  [0.25, -0.67],
  [0.5, 0],
  [0.75, 0.67],
  [0.9, 1.28],
  [0.95, 1.9],
  [0.99, 3.1],
  [1, 3.6],
] as const;

function sigmasAt(p: number): number {
  const above = Math.max(
    1,
    sigmas.findIndex(([probability]) => probability >= p),
  );
  const [[fromP, from], [toP, to]] = [sigmas[above - 1] ?? [0, 0], sigmas[above] ?? [1, 0]];
  return from + ((to - from) * (p - fromP)) / (toP - fromP);
}

/** The distribution with its shape. */
function shaped(distribution: Distribution, spread: number): Distribution {
  const { p50, samples } = distribution;
  if (p50 === null || samples < 20) return distribution;
  const quantiles = Array.from({ length: 41 }, (_, step) => p50 * Math.max(0.05, 1 + spread * sigmasAt(step / 40)));
  return { ...distribution, quantiles };
}

function gaps(p50: number, spread: number, samples: number): GapDistribution {
  const {
    ci: _ci,
    withFailures: _withFailures,
    max: _max,
    quantiles: _quantiles,
    ...rest
  } = distribution(p50, spread, samples);
  return rest;
}

function rate(value: number | null, halfShare: number): Rate {
  return { value, ci: value === null ? none : [value * (1 - halfShare), value * (1 + halfShare)] };
}

function healthyClient(level: number): ClientPoint {
  return {
    workers: Math.ceil(level / 32),
    workersLost: [],
    workersLate: [],
    workerWords: [],
    eventLoopDelayP99Ms: 0.6 + level / 80,
    cpuShare: 0.04 + level / 300,
    gcPauseMaxMs: 2.1,
    sendLagP99Ms: 0.4 + level / 100,
    socketsOpened: level,
    loadHeld: 0.991,
    emptiedShare: 0,
    pausedShare: 0,
    completeness: 1,
    little: 0.997,
    clockStepMs: 0.3,
  };
}

/** The knee and answers of points by the definitions of the curve; no drift. */
export function curveOf(points: readonly Point[], cell: Cell): Curve {
  const knee = kneeOf(points);
  return { cell, knee, answers: answersOf(points, knee), drift: points.length > 1 ? 'none' : 'not_checked' };
}

/** The same report with one level changed, its curve drawn anew. */
export function withLevel(report: Report, level: number, change: (point: Point) => Point): Report {
  const points = report.points.map((point) => (point.level === level ? change(point) : point));
  return { ...report, points, curves: points[0] ? [curveOf(points, points[0].cell)] : [] };
}

/** A point in a state for reasons. */
export function judged(
  point: Point,
  state: ValidityState,
  reasons: readonly (Omit<Reason, 'cause'> & Partial<Pick<Reason, 'cause'>>)[],
): Point {
  return { ...point, validity: { state, reasons: reasons.map((reason) => ({ cause: null, ...reason })) } };
}

/** A point of which a share of the requests failed as told. */
export function failing(point: Point, share: number, messages: Point['messages']): Point {
  const errors: Partial<Record<keyof Point['errors'], number>> = {};
  const weight = messages.reduce((sum, { count }) => sum + count, 0);
  const scaled = messages.map((one) => ({ ...one, count: Math.round((one.count / weight) * share * point.requests) }));
  for (const { outcome, count } of scaled) errors[outcome] = (errors[outcome] ?? 0) + count;
  const failed = scaled.reduce((sum, { count }) => sum + count, 0);
  const hide = ({ withFailures, ...rest }: Distribution): Distribution => ({
    ...rest,
    withFailures: {
      p50: withFailures.p50,
      p90: share > 0.1 ? 'not_reached' : withFailures.p90,
      p95: share > 0.05 ? 'not_reached' : withFailures.p95,
      p99: 'not_reached',
    },
  });
  return {
    ...point,
    ok: point.requests - failed,
    errors,
    messages: scaled,
    errorShare: failed / point.requests,
    latencyMs: hide(point.latencyMs),
    ttftMs: hide(point.ttftMs),
  };
}
