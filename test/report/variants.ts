import type { Point } from '../../lib/curve/point.ts';
import { cellOf as cellOfWorkload } from '../../lib/plan/cell.ts';
import type { ProbeFinding } from '../../lib/plan/probe-finding.ts';
import type { Report } from '../../lib/report/report.ts';
import { lengthsReport } from './lengths-sample.ts';
import { notebookReport } from './notebook-sample.ts';
import { curveOf, failing, judged, sampleReport, withLevel } from './sample-report.ts';
import { withSlo } from './slo-sample.ts';

/** Text that must stay text wherever it is shown. */
export const hostile =
  '<script>alert(1)</script> "quoted\' & <b>bold</b> ](http://evil.example) | `tick` \u001b[31mred\u001b]0;title\u0007 \u202eltr';

const throttled: Point['messages'] = [
  {
    outcome: 'throttled',
    message: 'Rate limit reached for requests. Limit: 3 / min. Please try again in 20s.',
    count: 6,
  },
  { outcome: 'timeout', message: 'no token within 60 s', count: 2 },
  { outcome: 'http_error', message: '503 upstream connect error or disconnect/reset before headers', count: 1 },
];

/** Sample reports by name: every state that a reader can meet. */
export const variants: Readonly<Record<string, () => Report>> = {
  done: () => sampleReport(),
  notebook: () => notebookReport(),
  running: () => {
    const report = sampleReport();
    const points = report.points.slice(0, 3);
    return {
      ...report,
      points,
      driftPoint: null,
      ended: null,
      curves: [{ ...curveOf(points, cellOf(report)), drift: 'not_checked' }],
    };
  },
  'just-started': () => ({
    ...sampleReport(),
    points: [],
    probe: null,
    machine: null,
    driftPoint: null,
    curves: [],
    ended: null,
  }),
  'probe-failed': () =>
    probeFailed(
      '{"error":{"message":"Incorrect API key provided: sk-…abcd.","type":"invalid_request_error"}}',
      'http_error',
      401,
    ),
  'probe-unreachable': () => probeFailed('connect ECONNREFUSED 127.0.0.1:8000', 'connect_error', null, 'ECONNREFUSED'),
  troubled: () => troubled(),
  'all-failed': () => allFailed(),
  stopped: () => {
    const report = sampleReport();
    const points = report.points
      .slice(0, 4)
      .map((point, index) =>
        index < 3
          ? point
          : judged(point, 'void', [
              { name: 'interrupted', state: 'void', measured: null, limit: null, cause: 'stopped' },
            ]),
      );
    return {
      ...report,
      points,
      driftPoint: null,
      curves: [curveOf(points, cellOf(report))],
      ended: { reason: 'stopped', detail: 'Stopped by the user.' },
    };
  },
  'one-level': () => sampleReport({ levels: [8] }),
  'still-rising': () => sampleReport({ levels: [1, 2, 4, 8] }),
  'void-level': () =>
    withLevel(sampleReport(), 32, (point) =>
      judged({ ...point, latencyMs: { ...point.latencyMs, p50: 9400 } }, 'void', [
        { name: 'load_not_held', state: 'void', measured: 0.71, limit: 0.8 },
        { name: 'event_loop_delay', state: 'suspect', measured: 14.2, limit: 5 },
      ]),
    ),
  empty: () => ({
    ...sampleReport(),
    points: [],
    driftPoint: null,
    curves: [],
    ended: { reason: 'failed', detail: 'The results folder could not be written: no space left on device.' },
  }),
  'unknown-tokens': () => sampleReport({ tokensCounted: false }),
  'not-streamed': () => sampleReport({ streamed: false }),
  'twenty-levels': () =>
    sampleReport({ levels: [1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128] }),
  'many-levels': () => sampleReport({ levels: Array.from({ length: 200 }, (_, index) => index + 1) }),
  'one-request': () => oneRequest(),
  'lost-workers': () => lostWorkers(),
  'two-runs': () => twoRuns(),
  priced: () => ({
    ...sampleReport(),
    cost: { amount: 12.3456, currency: 'USD', isLowerBound: true },
  }),
  corrupt: () => corrupt(),
  grid: () => grid(),
  lengths: () => lengthsReport(),
  provisioned: () => provisioned(sampleReport(), { min: 0, max: 24_000 }),
  'slo-met': () => withSlo(sampleReport(), wholeSlo),
  'slo-missed': () => withSlo(sampleReport(), { percentiles: { latency: { p95: '1s' } } }),
  'slo-undecided': () => withSlo(sampleReport(), { percentiles: { ttft: { p99: '2s' } } }),
  'slo-troubled': () =>
    withSlo(troubled(), { ...wholeSlo, percentiles: { ttft: { p99: '3s' }, latency: { p50: '4s' } } }),
  goodput: () => withSlo(sampleReport(), { perRequest: wholeSlo.perRequest }),
  'long-names': () =>
    sampleReport({ name: 'n'.repeat(500), model: `organisation/${'very-long-model-name-'.repeat(23)}end` }),
  'right-to-left': () => sampleReport({ name: 'اختبار الليل 🌙', model: 'נעמי-8b 👩‍🔬' }),
  hostile: () => hostileReport(),
};

/** A bound of every kind; level 16 is the highest that meets them all. */
const wholeSlo = {
  perRequest: { ttft: '500ms', tpot: '12.5ms' },
  percentiles: { ttft: { p95: '500ms' }, latency: { p95: '5s' } },
  errorRate: 0.01,
  goodputShare: 0.9,
};

const cellOf = (report: Report) => cellOfWorkload(report.spec.workload);

function probeFailed(
  message: string,
  outcome: string,
  httpStatus: number | null,
  detail: string | null = null,
): Report {
  const report = sampleReport();
  const probe: ProbeFinding = {
    ok: false,
    httpStatus,
    streaming: false,
    usageInStream: true,
    tokenSource: null,
    protocol: httpStatus === null ? null : 'http/1.1',
    remoteAddress: httpStatus === null ? null : '203.0.113.7',
    tcpMs: httpStatus === null ? null : 2.4,
    tlsMs: httpStatus === null ? null : 7.9,
    model: null,
    wordsToTokens: { slope: 1, intercept: 0 },
    promptTokens: null,
    reasoning: null,
    exactPrompts: null,
    waitedMs: null,
    latenciesMs: [],
    ttftMs: null,
    warnings: [],
    failure: { outcome, detail, message },
  };
  return {
    ...report,
    probe,
    points: [],
    driftPoint: null,
    curves: [],
    ended: { reason: 'probe_failed', detail: message },
  };
}

/** Errors at the higher levels, doubts about several, drift: everything a report has to say at once. */
function troubled(): Report {
  let report = sampleReport({ seed: 2 });
  report = withLevel(report, 16, (point) =>
    judged(point, 'suspect', [{ name: 'send_lag', state: 'suspect', measured: 12.4, limit: 10 }]),
  );
  report = withLevel(report, 32, (point) =>
    judged(failing(point, 0.03, throttled), 'suspect', [
      { name: 'errors', state: 'suspect', measured: 0.0301, limit: 0.01 },
      { name: 'tokens_unknown', state: 'suspect', measured: 0.0301, limit: 0.01, cause: 'broken_off' },
    ]),
  );
  report = withLevel(report, 64, (point) =>
    judged(
      failing(
        {
          ...point,
          throughputIsLowerBound: true,
          slices: point.slices.map((slice, index) => ({
            ...slice,
            inFlight: (slice.inFlight ?? 0) * (index > 11 ? 0.5 : 1),
            outputTokensPerSecond: (slice.outputTokensPerSecond ?? 0) * (index > 11 ? 0.45 : 1),
          })),
        },
        0.22,
        throttled,
      ),
      'void',
      [
        { name: 'load_not_held', state: 'void', measured: 0.78, limit: 0.8, cause: 'pauses' },
        { name: 'errors', state: 'suspect', measured: 0.22, limit: 0.01 },
        { name: 'event_loop_delay', state: 'suspect', measured: 14.2, limit: 5 },
      ],
    ),
  );
  report = withLevel(report, 64, (point) => ({
    ...point,
    notes: [
      { name: 'tokens_per_read', count: 3 },
      { name: 'window_short', count: null },
    ],
    outputTokensPerSecond: { ...point.outputTokensPerSecond, ci: [null, null] },
  }));
  const [curve] = report.curves;
  return {
    ...report,
    curves: curve ? [{ ...curve, drift: 'drifted', knee: { ...curve.knee, withinNoise: true } }] : [],
    driftPoint: report.driftPoint && { ...report.driftPoint, latencyMs: { ...report.driftPoint.latencyMs, p50: 3470 } },
    warnings: [
      'At level 64 its one worker carries 64 streams, above the 32 of fleet.streamsPerWorker: watch event_loop_delay and cpu in the report.',
    ],
  };
}

function allFailed(): Report {
  const report = sampleReport({ levels: [4, 8] });
  const [first] = report.points;
  if (!first) throw new Error('the sample has points');
  const failed = judged(noAnswers(failing(first, 1, throttled)), 'void', [
    { name: 'errors', state: 'void', measured: 1, limit: 0.5 },
  ]);
  return {
    ...report,
    points: [failed],
    driftPoint: null,
    curves: [curveOf([failed], cellOf(report))],
    ended: { reason: 'error_rate', detail: '100 % of the requests at level 4 failed.' },
  };
}

/** A point without a single ok answer: nothing but counts is defined. */
function noAnswers(point: Point): Point {
  const nothing: Point['ttftMs'] = {
    p50: null,
    p90: null,
    p95: null,
    p99: null,
    mean: null,
    max: null,
    samples: 0,
    ci: { p50: [null, null], p90: [null, null], p95: [null, null], p99: [null, null] },
    quantiles: null,
    withFailures: { p50: 'not_reached', p90: 'not_reached', p95: 'not_reached', p99: 'not_reached' },
  };
  const { ci: _ci, withFailures: _withFailures, max: _max, quantiles: _quantiles, ...noGaps } = nothing;
  const noRate = { value: null, ci: [null, null] } as const;
  return {
    ...point,
    ok: 0,
    ttftMs: nothing,
    ttfoMs: nothing,
    tpotMs: nothing,
    latencyMs: nothing,
    latencyFromDueMs: nothing,
    tokensPerSecondPerUser: nothing,
    interChunkMs: noGaps,
    outputTokensPerSecond: noRate,
    totalTokensPerSecond: noRate,
    requestsPerSecond: noRate,
    meanInputTokens: null,
    meanOutputTokens: null,
    slices: point.slices.map(({ inFlight }) => ({ inFlight, outputTokensPerSecond: null })),
    client: { ...point.client, little: null },
  };
}

/** A single request in the window of a single level. */
function oneRequest(): Report {
  const report = sampleReport({ levels: [1] });
  const points = report.points.map((point) => {
    const alone = (metric: Point['ttftMs']): Point['ttftMs'] => ({
      ...noAnswers(point).ttftMs,
      mean: metric.mean,
      max: metric.mean,
      samples: 1,
      withFailures: { p50: null, p90: null, p95: null, p99: null },
    });
    return judged(
      {
        ...point,
        requests: 1,
        ok: 1,
        ttftMs: alone(point.ttftMs),
        ttfoMs: alone(point.ttfoMs),
        tpotMs: alone(point.tpotMs),
        latencyMs: alone(point.latencyMs),
        latencyFromDueMs: alone(point.latencyFromDueMs),
        tokensPerSecondPerUser: alone(point.tokensPerSecondPerUser),
        outputTokensPerSecond: { ...point.outputTokensPerSecond, ci: [null, null] },
        totalTokensPerSecond: { ...point.totalTokensPerSecond, ci: [null, null] },
        requestsPerSecond: { ...point.requestsPerSecond, ci: [null, null] },
        notes: [{ name: 'window_short', count: null }],
      },
      'void',
      [{ name: 'few_samples', state: 'void', measured: 1, limit: 10 }],
    );
  });
  return { ...report, points, curves: points[0] ? [curveOf(points, points[0].cell)] : [] };
}

/** A worker that failed and said why, one that left no word, and one whose records the store refused. */
function lostWorkers(): Report {
  return withLevel(sampleReport(), 64, (point) =>
    judged(
      {
        ...point,
        client: {
          ...point.client,
          workers: 8,
          workersLost: [2, 5],
          workersLate: [3],
          workerWords: [
            { words: 'the environment variable LLM_KEY is not set', workers: [2] },
            { words: 'can\u2019t write /results/records: the disk is full: make room', workers: [0, 1] },
          ],
          loadHeld: 0.75,
        },
        notes: [{ name: 'receipts_missing', count: 1 }],
      },
      'void',
      [
        { name: 'streams_missing', state: 'void', measured: 0.25, limit: 0.05 },
        { name: 'load_not_held', state: 'void', measured: 0.75, limit: 0.8, cause: 'streams_missing' },
        { name: 'emptied', state: 'void', measured: 1, limit: 0.2, cause: 'streams_missing' },
      ],
    ),
  );
}

/** Two levels that were run again. */
function twoRuns(): Report {
  const pooled = (stages: readonly number[]) => (point: Point) => ({
    ...point,
    stage: Math.max(...stages),
    stages,
    windowSeconds: point.windowSeconds * stages.length,
    requests: point.requests * stages.length,
    ok: point.ok * stages.length,
  });
  return withLevel(withLevel(sampleReport(), 16, pooled([5, 9, 10])), 32, pooled([6, 8]));
}

/** Records that made no sense, files that could not be read, and workers without a last word. */
function corrupt(): Report {
  const report = withLevel(sampleReport(), 8, (point) => ({
    ...point,
    notes: [
      { name: 'parts_unreadable', count: 1 },
      { name: 'rows_corrupt', count: 3 },
    ],
  }));
  const whole = withLevel(report, 16, (point) =>
    judged({ ...point, notes: [{ name: 'rows_corrupt', count: 1 }] }, 'void', [
      { name: 'records_missing', state: 'void', measured: 0.4, limit: 0.05 },
    ]),
  );
  return { ...whole, usage: null, warnings: ['One point could not be read and is left out.'] };
}

/** Two cells of lengths in one report. */
function grid(): Report {
  const short = sampleReport();
  const long = sampleReport({ cell: { inputTokens: 8192, outputTokens: 1024 }, levels: [1, 2, 4, 8, 16, 32] });
  return { ...short, points: [...short.points, ...long.points], curves: [...short.curves, ...long.curves] };
}

/** The same endpoint, said to be provisioned for so many tokens a second. */
export function provisioned(report: Report, tokens: Report['spec']['target']['provisionedTokensPerSecond']): Report {
  const target = { ...report.spec.target, provisionedTokensPerSecond: tokens };
  return { ...report, spec: { ...report.spec, target } };
}

function hostileReport(): Report {
  const report = sampleReport({
    name: hostile,
    model: hostile,
    url: 'https://llm.example.com/v1?q="><script>alert(2)</script>',
  });
  const poisoned = report.points.map((point) =>
    failing(point, 0.04, [
      { outcome: 'http_error', message: hostile, count: 3 },
      { outcome: 'unknown', message: `=cmd|'/c calc'!A1 ${hostile}`, count: 1 },
    ]),
  );
  return {
    ...report,
    target: { url: 'https://llm.example.com/v1?q="><script>alert(2)</script>', model: hostile },
    points: poisoned,
    probe: report.probe && { ...report.probe, model: hostile, remoteAddress: hostile, protocol: hostile },
    ended: { reason: 'failed', detail: hostile },
    warnings: [hostile],
  };
}
