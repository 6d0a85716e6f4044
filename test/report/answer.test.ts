import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerRemarks, answerSentence } from '../../lib/report/answer.ts';
import { cellsOf } from '../../lib/report/cells.ts';
import type { Report } from '../../lib/report/report.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

function viewOf(report: Report) {
  const [view] = cellsOf(report);
  if (!view) throw new Error('a report has a cell');
  return view;
}

const sentence = (name: string) => answerSentence(viewOf(variants[name]?.() ?? sampleReport()));
const remarks = (name: string) => answerRemarks(viewOf(variants[name]?.() ?? sampleReport())).join(' ');

test('the answer names the number of parallel requests for each purpose', () => {
  assert.equal(
    sentence('done'),
    'Send 1 parallel request for the lowest latency, 32 for a balance of both, 64 for the highest throughput.',
  );
  assert.equal(
    sentence('one-level'),
    '8 parallel requests gave 1,160 output tokens/s. One level makes no curve: measure at least two.',
  );
  assert.equal(sentence('unknown-tokens'), 'Send 1 parallel request for the lowest latency.');
});

test('without a valid level there is no answer', () => {
  for (const name of ['all-failed', 'empty', 'probe-failed', 'just-started']) assert.equal(sentence(name), null, name);
});

test('levels that answer twice are named once', () => {
  const report = sampleReport();
  const [curve] = report.curves;
  assert.ok(curve);
  const same = {
    ...report,
    curves: [{ ...curve, answers: { ...curve.answers, lowLatency: 1, balanced: 64, highThroughput: 64 } }],
  };
  assert.equal(
    answerSentence(viewOf(same)),
    'Send 1 parallel request for the lowest latency, 64 for a balance of both and for the highest throughput.',
  );
});

test('a curve that still rises says what to do, by whether higher levels were void', () => {
  assert.match(remarks('still-rising'), /rises at 8 parallel requests, the highest level: add higher levels/);
  assert.match(remarks('running'), /rises at 4 parallel requests, the highest level so far\./);
  assert.match(remarks('troubled'), /the highest level that can be believed: .* mend what made level 64 void/);
});

test('doubts about an answer are told: suspect level, noise, drift', () => {
  assert.match(remarks('troubled'), /Take 32 with care/);
  assert.match(remarks('troubled'), /the endpoint changed during the sweep/);
  const report = sampleReport();
  const [curve] = report.curves;
  assert.ok(curve);
  const noisy = { ...report, curves: [{ ...curve, knee: { ...curve.knee, withinNoise: true } }] };
  assert.match(answerRemarks(viewOf(noisy)).join(' '), /next level below 32 may serve as well/);
});

test('the balance is weighed against the highest throughput', () => {
  assert.match(
    remarks('done'),
    /^Against 64, 32 parallel requests give 92 % of the throughput at 53 % of the latency\.$/,
  );
});
