import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endReasons } from '../../lib/plan/ended.ts';
import { probeFailureText } from '../../lib/plan/probe-failure-text.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportPage } from '../../lib/report/page/page.ts';
import { statusOf } from '../../lib/report/status.ts';
import { terminalTable } from '../../lib/report/terminal-table.ts';
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

test('one level of several is measured, in the singular', () => {
  assert.match(statusFor('all-failed').happened.join(' '), /1 of 2 levels is measured\./);
});

test('none of one level is measured, in the singular too', () => {
  const report = sampleReport();
  const load = { ...report.spec.load, levels: [1] as const };
  const stopped = { ...report, points: [], spec: { ...report.spec, load }, ended: { reason: 'stopped', detail: null } };
  assert.match(
    statusOf({ ...stopped, ended: { reason: 'stopped', detail: null } }).happened.join(' '),
    /0 of 1 level is measured\./,
  );
});

test('a failed probe quotes the endpoint', () => {
  const { quote, headline, happened } = statusFor('probe-failed');
  assert.equal(headline, 'The endpoint could not be measured.');
  assert.match(happened.join(' '), /HTTP status 401\. No load was sent\./);
  assert.match(quote ?? '', /Incorrect API key/);
});

test('what kept the probe from sending is not laid into the endpoint’s mouth', () => {
  const { probe } = variants['probe-failed']?.() ?? sampleReport();
  assert.ok(probe);
  const failure = { outcome: 'not_sent', detail: null, message: 'The secret llm-key is not there' };
  const status = statusOf({
    ...(variants['probe-failed']?.() ?? sampleReport()),
    probe: { ...probe, httpStatus: null, failure },
  });
  assert.deepEqual([status.quote, status.quoted, status.remedy], [failure.message, 'Why', null]);
  assert.match(status.happened.join(' '), /Nothing could be sent to the endpoint\. No load was sent\./);
});

test('done without a level to believe is not told as a success', () => {
  const report = variants['all-failed']?.() ?? sampleReport();
  assert.equal(statusOf({ ...report, ended: { reason: 'done', detail: null } }).tone, 'failed');
  const none = statusOf({ ...report, points: [], ended: { reason: 'done', detail: null } });
  assert.deepEqual([none.tone, none.label], ['failed', 'no answer']);
});

test('a sweep ended by an endpoint that was gone says to see that it runs, not to read its messages', () => {
  const report = variants['all-failed']?.() ?? sampleReport();
  const gone = report.points.map((point) => ({ ...point, errors: { connect_error: 40 } }));
  assert.match(statusOf({ ...report, points: gone }).remedy ?? '', /^See that the endpoint runs and can be reached/);
  assert.match(statusOf(report).remedy ?? '', /messages; lower the levels/);
});

test('the remedy of a failed probe suits its cause', async (t) => {
  const cases: readonly (readonly [outcome: string, status: number | null, remedy: RegExp])[] = [
    ['connect_error', null, /runs and can be reached/],
    ['http_error', 401, /Check the key/],
    ['http_error', 403, /Check the key .*its rights/],
    ['http_error', 404, /path of target\.url/],
    ['http_error', 400, /target\.parameters/],
    ['http_error', 502, /endpoint’s own/],
    ['http_error', 503, /target\.readyWithin/],
    ['http_error', 418, /endpoint’s log/],
    ['throttled', 429, /higher limit/],
    ['timeout', null, /deadline/],
    ['bad_content_type', 200, /address of chat completions/],
  ];
  const { probe } = sampleReport();
  assert.ok(probe);
  for (const [outcome, httpStatus, remedy] of cases) {
    await t.test(`${outcome} ${httpStatus}`, () => {
      const failed = { ...probe, ok: false, httpStatus, failure: { outcome, detail: null, message: null } };
      const text = probeFailureText(failed, { auth: { env: 'LLM_KEY', header: 'authorization' } });
      assert.match(text.remedy, remedy);
    });
  }
});

test('why a sweep ended before its last level stands beside the answer, though all went well', async (t) => {
  const detail = 'From 16 to 64 parallel requests throughput rose by less than 10 % a doubling, two steps in a row.';
  const report = { ...sampleReport(), ended: { reason: 'plateau', detail } } as const;
  assert.deepEqual(statusOf(report).remarks, [
    'The sweep ended at the plateau: more parallel requests no longer bring more throughput.',
    detail,
  ]);
  await t.test('in every form', () => {
    assert.ok(reportMarkdown(report).includes(`> The sweep ended at the plateau: more parallel requests`));
    assert.ok(reportMarkdown(report).includes(detail));
    assert.ok(reportPage(report).includes(`<p class="remark"><bdi>The sweep ended at the plateau`));
    assert.match(
      terminalTable(report, { columns: 400, color: false }),
      /The sweep ended at the plateau: .* in a row\./,
    );
  });
  await t.test('of a search what it found', () => {
    const found = 'Up to 23 parallel requests meet the SLO, 24 miss it (9 levels in 12 stages).';
    assert.deepEqual(statusOf({ ...report, ended: { reason: 'done', detail: found } }).remarks, [found]);
  });
  await t.test('of a sweep that is simply done nothing', () => assert.deepEqual(statusFor('done').remarks, []));
});

test('a search does not say how many levels are left', () => {
  const report = sampleReport();
  const load = { ...report.spec.load, levels: [], search: { from: 1, to: 256 } };
  const running = { ...report, spec: { ...report.spec, load }, ended: null };
  assert.match(statusOf(running).happened.join(' '), /^7 levels are measured\./);
});
