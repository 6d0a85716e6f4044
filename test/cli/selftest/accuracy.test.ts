import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracyOf, type Press } from '../../../lib/cli/selftest/accuracy.ts';
import { memoryJournal } from '../../../lib/mock/journal.ts';
import { request } from '../../record/request.ts';

/** Two tokens, sent 0.1 and 0.2 ms before their stamps, 25 ms apart as the mock sent them. */
const answer = request({ firstTokenUs: 1_200_000, tokenEvents: 2, tokenGapsUs: [25_100], windowTokens: 2 });

function journaled(requestId: string) {
  const entry = memoryJournal().open(requestId, 1_000_000);
  entry.sendUs.push(1_199_900, 1_224_900);
  return entry;
}

const press: Press = {
  streams: 2,
  records: [{ ...answer, requestId: 'a' }],
  journal: [journaled('a')],
  startsUs: 0,
  windowMs: 5000,
  health: { eventLoopDelayMs: { p50: 0.1, p99: 0.7, max: 2 }, cpuShare: 0.02, gcPauseMs: null },
  idleThreadDelayP99Ms: 0.3,
};

test('only answers that are due in the window and ended ok count; the others of the cohort are lost', () => {
  const records = [
    { ...answer, requestId: 'a' },
    { ...answer, requestId: 'b', phase: 'warm_up' as const },
    { ...answer, requestId: 'c', outcome: 'truncated' as const },
    { ...answer, requestId: 'unknown to the mock' },
  ];
  const { requests, lost, tokenErrorMs } = accuracyOf({ ...press, records });
  assert.deepEqual([requests, lost, tokenErrorMs.samples], [3, 2, 2]);
});

test('errors are in milliseconds', () => {
  const { least, most } = accuracyOf(press).tokenErrorMs;
  assert.deepEqual([least, most], [0.1, 0.2]);
});

test('CPU a token = CPU time of the thread in the window ÷ tokens in the window, warm-up’s answers included', () => {
  assert.equal(accuracyOf(press).cpuUsPerToken, (0.02 * 5_000_000) / 2);
  const withWarmUp = [...press.records, { ...answer, phase: 'warm_up' as const }];
  assert.equal(accuracyOf({ ...press, records: withWarmUp }).cpuUsPerToken, (0.02 * 5_000_000) / 4);
});

test('no tokens, or no CPU time: no CPU a token', () => {
  assert.equal(accuracyOf({ ...press, records: [] }).cpuUsPerToken, null);
  assert.equal(accuracyOf({ ...press, health: { ...press.health, cpuShare: null } }).cpuUsPerToken, null);
});

test('the mock’s pace is the mean of its gaps over the answers that count', () => {
  assert.equal(accuracyOf({ ...press, journal: [journaled('a'), journaled('another')] }).mockGapMs, 25);
  assert.equal(accuracyOf({ ...press, journal: [] }).mockGapMs, null);
});
