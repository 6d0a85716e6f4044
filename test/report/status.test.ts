import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endReasons } from '../../lib/plan/ended.ts';
import { probeFailureText } from '../../lib/plan/probe-failure-text.ts';
import { statusOf } from '../../lib/report/status.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

const statusFor = (name: string) => statusOf(variants[name]?.() ?? sampleReport());

test('a sweep that is done needs no words before its answer', () => {
  assert.equal(statusFor('done').tone, 'calm');
});

test('every other end says what happened and what to do', async (t) => {
  for (const reason of endReasons.filter((one) => !['done', 'plateau', 'slo'].includes(one))) {
    await t.test(reason, () => {
      const status = statusOf({ ...sampleReport(), ended: { reason, detail: 'It was so.' } });
      assert.notEqual(status.tone, 'calm');
      assert.ok(status.headline.endsWith('.'));
      assert.ok(status.remedy);
    });
  }
});

test('a running sweep tells how far it has come, and as of when', () => {
  const { headline, happened } = statusFor('running');
  assert.equal(headline, 'The sweep is still running.');
  assert.match(happened.join(' '), /^3 of 7 levels are measured\. As of 2026-05-04 09:39:00 UTC;/);
});

test('a failed probe quotes the endpoint', () => {
  const { quote, headline, happened } = statusFor('probe-failed');
  assert.equal(headline, 'The endpoint could not be measured.');
  assert.match(happened.join(' '), /HTTP status 401\. No load was sent\./);
  assert.match(quote ?? '', /Incorrect API key/);
});

test('done without a level to believe is not told as a success', () => {
  const report = variants['all-failed']?.() ?? sampleReport();
  assert.equal(statusOf({ ...report, ended: { reason: 'done', detail: null } }).tone, 'failed');
  assert.equal(statusOf({ ...report, points: [], ended: { reason: 'done', detail: null } }).tone, 'failed');
});

test('the remedy of a failed probe suits its cause', async (t) => {
  const cases: readonly (readonly [outcome: string, status: number | null, remedy: RegExp])[] = [
    ['connect_error', null, /runs and can be reached/],
    ['http_error', 401, /Check the key/],
    ['http_error', 403, /rights of the key/],
    ['http_error', 404, /path of target\.url/],
    ['http_error', 400, /target\.parameters/],
    ['http_error', 503, /endpoint’s own/],
    ['http_error', 418, /endpoint’s log/],
    ['throttled', 429, /higher limit/],
    ['timeout', null, /deadline/],
    ['bad_content_type', 200, /address of chat completions/],
  ];
  const { probe } = sampleReport();
  assert.ok(probe);
  for (const [outcome, httpStatus, remedy] of cases) {
    await t.test(`${outcome} ${httpStatus}`, () => {
      const text = probeFailureText({
        ...probe,
        ok: false,
        httpStatus,
        failure: { outcome, detail: null, message: null },
      });
      assert.match(text.remedy, remedy);
    });
  }
});
