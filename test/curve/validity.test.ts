import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pointOf } from '../../lib/curve/point-of.ts';
import { type ReasonName, reasonNames } from '../../lib/curve/validity.ts';
import { dataOf, type Sample } from './sample-stage.ts';
import { changeReceipts } from './steady-stage.ts';
import {
  cohort,
  cohortOf,
  crew,
  crewWith,
  cut,
  delay,
  endedAt,
  gauge,
  health,
  lag,
  missingToo,
  quickWithLag,
  refused,
  secondHalf,
  sickWorker,
  silent,
  slowerHalf,
  slowTokens,
  steady,
  stoppedEarly,
  streamStops,
  wallAhead,
  without,
} from './troubled-stages.ts';

type State = 'ok' | 'suspect' | 'void';

type Row = readonly [why: string, sample: Sample, state: State];

const provoked: Record<ReasonName, readonly Row[]> = {
  event_loop_delay: [
    ['5 ms', delay(5), 'ok'],
    ['more than 5 ms', delay(5.01), 'suspect'],
    ['50 ms', delay(50), 'suspect'],
    ['more than 50 ms', delay(50.01), 'void'],
    ['5 % of a TPOT of 160 ms is 8 ms', slowTokens(8), 'ok'],
    ['more than 5 % of it', slowTokens(8.01), 'suspect'],
    ['unknown', health({ eventLoopDelayMs: null }), 'ok'],
  ],
  cpu: [
    ['70 %', health({ cpuShare: 0.7 }), 'ok'],
    ['more than 70 %', health({ cpuShare: 0.701 }), 'suspect'],
    ['95 %', health({ cpuShare: 0.95 }), 'suspect'],
    ['more than 95 %', health({ cpuShare: 0.951 }), 'void'],
  ],
  send_lag: [
    ['10 ms', lag(10), 'ok'],
    ['more than 10 ms', lag(10.001), 'suspect'],
    ['10 % of a p50 latency of 190 ms', lag(19), 'suspect'],
    ['more than 10 % of it', lag(19.001), 'void'],
    ['10 ms, though a p50 latency of 20 ms has its tenth at 2 ms', quickWithLag(10), 'ok'],
    ['more than 10 ms, and so of its tenth', quickWithLag(10.001), 'void'],
    ['one worker of two late with 2 % of its requests, 1 % of all', sickWorker(2, 2), 'suspect'],
    ['the same of a worker with too few requests for a p99 of its own', sickWorker(20, 2), 'ok'],
  ],
  streams_missing: [
    ['all there', crew, 'ok'],
    ['one worker of twenty lost, 5 %', crewWith(1, null), 'suspect'],
    ['two lost', crewWith(2, null), 'void'],
    ['one came after the warm-up', crewWith(1, { state: 'late', lateMs: 9000 }), 'suspect'],
    ['two failed by our own fault', crewWith(2, { state: 'failed', failure: 'x' }), 'void'],
    ['one came late, but within the warm-up', crewWith(1, { lateMs: 500 }), 'ok'],
    ['all lost', crewWith(20, null), 'void'],
  ],
  load_not_held: [
    ['95 % in flight', gauge(0.95001), 'ok'],
    ['under 95 %', gauge(0.94999), 'suspect'],
    ['80 %', gauge(0.80001), 'suspect'],
    ['under 80 %', gauge(0.79999), 'void'],
  ],
  emptied: [
    ['4.6 % of the time', streamStops(6), 'ok'],
    ['5.3 %', streamStops(7), 'suspect'],
    ['20 %', streamStops(25), 'suspect'],
    ['20.8 %', streamStops(26), 'void'],
    ['4.6 %, and missing records that look like 2 % more', missingToo(6, 3), 'ok'],
    ['20 %, and missing records that look like 2 % more', missingToo(25, 3), 'suspect'],
    [
      '20.8 %, but as a gap in the records alone',
      without(({ stream, ordinal }) => stream === 3 && ordinal >= 84),
      'ok',
    ],
  ],
  cold_connections: [
    ['1 %', cohort(4, { coldConnection: true }), 'ok'],
    ['more than 1 %', cohort(5, { coldConnection: true }), 'suspect'],
    ['20 %', cohort(80, { coldConnection: true }), 'suspect'],
    ['more than 20 %', cohort(81, { coldConnection: true, socketReused: false }), 'void'],
    ['all, the server closes each connection', cohort(400, { coldConnection: true, socketReused: false }), 'suspect'],
  ],
  clock_step: [
    ['100 ms', wallAhead(100), 'ok'],
    ['more than 100 ms', wallAhead(100.1), 'suspect'],
    ['back by more than 100 ms', wallAhead(-100.1), 'suspect'],
    ['1 s', wallAhead(1000), 'suspect'],
    ['more than 1 s', wallAhead(1000.1), 'void'],
  ],
  records_missing: [
    ['under 1 %', gauge(1 / 0.9901), 'ok'],
    ['more than 1 %', gauge(1 / 0.9899), 'suspect'],
    ['more records than the gauge saw', gauge(0.9899), 'suspect'],
    ['under 5 %', gauge(1 / 0.9501), 'suspect'],
    ['more than 5 %', gauge(1 / 0.9499), 'void'],
  ],
  cut_at_drain: [
    ['none', steady, 'ok'],
    ['one', cohort(1, cut), 'suspect'],
    ['5 %', cohort(20, cut), 'suspect'],
    ['more than 5 %', cohort(21, cut), 'void'],
    ['another deadline is not the drain', cohort(21, { ...cut, outcomeDetail: 'total' }), 'ok'],
    ['one that a stop cut during the drain', cohort(1, { outcome: 'cancelled' }), 'suspect'],
    ['5 % that a stop cut', cohort(20, { outcome: 'cancelled' }), 'suspect'],
    ['more than 5 % that a stop cut', cohort(21, { outcome: 'cancelled' }), 'void'],
    ['what a stop within the window cancelled', stoppedEarly(cohort(21, { outcome: 'cancelled' })), 'ok'],
  ],
  few_samples: [
    ['100', cohortOf(100), 'ok'],
    ['99', cohortOf(99), 'suspect'],
    ['10', cohortOf(10), 'suspect'],
    ['9', cohortOf(9), 'void'],
    ['none', cohortOf(0), 'void'],
    ['400 of which 301 were cancelled', cohort(301, { outcome: 'cancelled' }), 'suspect'],
  ],
  errors: [
    ['1 %', cohort(4, refused), 'ok'],
    ['more than 1 %', cohort(5, refused), 'suspect'],
    ['50 %', cohort(200, refused), 'suspect'],
    ['more than 50 %', cohort(201, refused), 'void'],
    ['what was cancelled is no error', cohort(201, { outcome: 'cancelled' }), 'ok'],
  ],
  drifting: [
    ['throughput under 10 % more', secondHalf(1.0999), 'ok'],
    ['throughput over 10 % more', secondHalf(1.1001), 'suspect'],
    ['throughput over 10 % less', secondHalf(0.89), 'suspect'],
    ['latency 10 % less', slowerHalf(19), 'ok'],
    ['latency over 10 % less', slowerHalf(19.001), 'suspect'],
    ['ten times as much', secondHalf(10), 'suspect'],
  ],
  lengths_missed: [
    ['all by 2 of 100', cohort(400, { inputTokens: 102 }), 'ok'],
    ['5 % by 3 of 100', cohort(20, { inputTokens: 103 }), 'ok'],
    ['more than 5 % by 3 of 100', cohort(21, { inputTokens: 97 }), 'suspect'],
    ['all by 3 of 100', cohort(400, { inputTokens: 103 }), 'suspect'],
    ['1 of 10', cohort(400, { inputTokens: 11, askedInputTokens: 10 }), 'ok'],
    ['2 of 10', cohort(400, { inputTokens: 12, askedInputTokens: 10 }), 'suspect'],
    ['nobody counted', cohort(400, { inputTokens: null }), 'ok'],
  ],
  tokens_unknown: [
    ['1 %', cohort(4, silent), 'ok'],
    ['more than 1 %', cohort(5, silent), 'suspect'],
    ['20 %', cohort(80, silent), 'suspect'],
    ['more than 20 %', cohort(81, silent), 'void'],
    ['of answers that broke off', cohort(81, { ...silent, outcome: 'truncated' }), 'void'],
    [
      'of answers that were not streamed',
      cohort(81, { ...silent, streamed: false, firstTokenUs: null, firstVisibleTokenUs: null, lastTokenUs: null }),
      'void',
    ],
    [
      'a refusal has no tokens to know of',
      cohort(81, { ...silent, ...refused, firstTokenUs: null, firstVisibleTokenUs: null, lastTokenUs: null }),
      'ok',
    ],
  ],
  interrupted: [
    ['stopped while draining', endedAt(6001, 'stopped', () => true), 'ok'],
    ['stopped within the window', endedAt(5999, 'stopped', () => true), 'void'],
    ['all streams of all workers gave up', endedAt(3000, 'gave_up', () => true), 'void'],
    ['one worker gave up', endedAt(3000, 'gave_up', (worker) => worker === 3), 'ok'],
  ],
  control_unreadable: [
    ['one worker', changeReceipts(crew, ({ worker }) => ({ controlUnreadable: worker === 7 })), 'void'],
    ['none', crew, 'ok'],
  ],
};

describe('validity', () => {
  it('is ok of a stage without a flaw', () => {
    assert.deepEqual(pointOf(dataOf(steady)).validity, { state: 'ok', reasons: [] });
    assert.deepEqual(pointOf(dataOf(steady)).notes, []);
  });

  for (const name of reasonNames) {
    for (const [why, sample, state] of provoked[name]) {
      it(`${name}, ${why}: ${state}`, () => {
        const { validity } = pointOf(dataOf(sample));
        const reason = validity.reasons.find((candidate) => candidate.name === name);
        assert.equal(reason?.state ?? 'ok', state, JSON.stringify(validity.reasons));
        if (state === 'void') assert.equal(validity.state, 'void');
        if (state === 'suspect') assert.notEqual(validity.state, 'ok');
      });
    }
  }

  it('names the figure and the limit that it crossed', () => {
    const { reasons } = pointOf(dataOf(cohort(201, refused))).validity;
    assert.deepEqual(reasons[0], { name: 'errors', state: 'void', measured: 201 / 400, limit: 0.5, cause: null });
  });
});
