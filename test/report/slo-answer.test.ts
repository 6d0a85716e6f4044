import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SloCheck } from '../../lib/curve/point.ts';
import { answerFigures, answerRemarks, answerSentence } from '../../lib/report/answer.ts';
import { type CellView, cellsOf } from '../../lib/report/cells.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import type { Report } from '../../lib/report/report.ts';
import { setupOf } from '../../lib/report/setup.ts';
import { boundText, measuredText, missText } from '../../lib/report/slo-texts.ts';
import { terminalTable } from '../../lib/report/terminal-table.ts';
import { judged, sampleReport } from './sample-report.ts';
import { withSlo } from './slo-sample.ts';
import { variants } from './variants.ts';

function viewOf(report: Report): CellView {
  const [view] = cellsOf(report);
  if (!view) throw new Error('a report has a cell');
  return view;
}

const named = (name: string) => viewOf(variants[name]?.() ?? sampleReport());
const atMost = (metric: string, percentile: string, bound: string) => ({
  percentiles: { [metric]: { [percentile]: bound } },
});
const withBound = (...bound: Parameters<typeof atMost>) => withSlo(sampleReport(), atMost(...bound));

test('the answer names the highest level that meets the SLO, with its throughput', () => {
  assert.match(
    answerSentence(named('slo-met')) ?? '',
    /^Up to 16 parallel requests meet the SLO, with 1,774 output tokens\/s and 118 tokens\/s per user\. Send 1 parallel/,
  );
});

test('it says what the next level misses, and by how much', () => {
  assert.match(
    answerRemarks(named('slo-met'))[0] ?? '',
    /^At 32 parallel requests the SLO is missed: TTFT p95 was 588 ms, 18 % above the bound of 500 ms; good requests were 27\.\d %, 63 points below the bound of 90 %\.$/,
  );
});

test('no level meets it: what the lowest misses', () => {
  assert.match(
    answerSentence(named('slo-missed')) ?? '',
    /^No level meets the SLO: at 1 parallel request, latency p95 was 1\.51 s, 51 % above the bound of 1 s\. Send/,
  );
});

test('undecided is not taken for met, and the remedy is named', () => {
  assert.match(
    answerSentence(named('slo-undecided')) ?? '',
    /^Whether a level meets the SLO is undecided: at 1 parallel request, TTFT p99 is not known: it takes 500 requests, so measure longer\./,
  );
});

test('levels that meet it above one that does not are told, and are no answer', () => {
  const undecided = viewOf(withBound('latency', 'p99', '1h'));
  assert.match(
    answerSentence(undecided) ?? '',
    /^The SLO is met at level 64, but whether from the lowest level up is undecided: at 1 parallel request, latency p99/,
  );
  const report = withBound('latency', 'p50', '1h');
  const missedFirst = report.points.map((point, index) =>
    index === 0 && point.slo ? { ...point, slo: { ...point.slo, verdict: 'missed' as const } } : point,
  );
  const [curve] = report.curves;
  assert.ok(curve);
  const curves = [{ ...curve, answers: { ...curve.answers, highestMet: null } }];
  assert.match(
    answerSentence(viewOf({ ...report, points: missedFirst.slice(0, 2), curves })) ?? '',
    /^The SLO is met at level 2, but not from the lowest level up: at 1 parallel request/,
  );
});

test('every level meets it: higher ones may as well', () => {
  const view = viewOf(withBound('latency', 'p50', '1h'));
  assert.match(answerSentence(view) ?? '', /^Up to 64 parallel requests meet the SLO/);
  assert.equal(answerRemarks(view)[0], 'No level above 64 was measured: higher ones may meet the SLO as well.');
});

test('a void level is passed over and never the limit', () => {
  const report = sampleReport();
  const points = report.points.map((point) => (point.level >= 32 ? judged(point, 'void', []) : point));
  const view = viewOf(withSlo({ ...report, points }, atMost('latency', 'p50', '1h')));
  assert.match(answerSentence(view) ?? '', /^Up to 16 parallel requests meet/);
  assert.equal(answerRemarks(view)[0], 'No level above 16 can be believed: higher ones may meet the SLO as well.');
});

test('a level that answers twice is named for both', () => {
  assert.match(
    terminalTable(withBound('latency', 'p95', '5s'), { columns: 200, color: false }),
    /^32, SLO limit and balanced:/m,
  );
  assert.match(
    answerSentence(viewOf(withBound('latency', 'p95', '1.55s'))) ?? '',
    /^1 parallel request meets the SLO, with/,
  );
});

test('a metric that no answer has is said to be missing', () => {
  const view = viewOf(withSlo(sampleReport({ streamed: false }), atMost('ttft', 'p50', '1s')));
  assert.match(answerSentence(view) ?? '', /undecided: at 1 parallel request, no answer has a TTFT\./);
});

test('bounds on single requests alone: goodput of each level, and no verdict', () => {
  const view = named('goodput');
  assert.match(answerSentence(view) ?? '', /^Send 1 parallel request/);
  const [, , , , , point] = view.points;
  assert.ok(point);
  assert.match(answerFigures(point), /, 27\.\d % good$/);
  const table = terminalTable(variants['goodput']?.() ?? sampleReport(), { columns: 120, color: false });
  assert.match(table, /goodput/);
  assert.doesNotMatch(table, /SLO/);
});

test('without an SLO nothing is said of one', () => {
  const report = sampleReport();
  for (const text of [reportMarkdown(report), terminalTable(report, { columns: 300, color: false })])
    assert.doesNotMatch(text, /SLO|goodput/i);
});

test('the setup tells every bound', () => {
  const items = setupOf(variants['slo-met']?.() ?? sampleReport()).flatMap((group) => group.items);
  assert.equal(
    items.find(({ name }) => name === 'SLO')?.value,
    'each request: TTFT ≤ 500 ms, TPOT ≤ 12.5 ms; TTFT p95 ≤ 500 ms, latency p95 ≤ 5 s; errors ≤ 1 %; good requests ≥ 90 %',
  );
});

const check = (what: SloCheck['what'], bound: number, measured: SloCheck['measured']): SloCheck => ({
  what,
  bound,
  measured,
  verdict: 'missed',
});

const texts: readonly { why: string; check: SloCheck; says: readonly [string, string | null, string | null] }[] = [
  { why: 'a time', check: check('tpot p50', 12.5, 25), says: ['≤ 12.5 ms', '25.0 ms', '100 % above'] },
  {
    why: 'a hair above',
    check: check('latency p99', 10_000, 10_001),
    says: ['≤ 10 s', '10.0 s', 'less than 1 % above'],
  },
  { why: 'among the failures', check: check('ttft p95', 500, 'not_reached'), says: ['≤ 500 ms', 'not reached', null] },
  { why: 'errors', check: check('errorRate', 0.01, 0.0301), says: ['≤ 1 %', '3 %', '2 points above'] },
  { why: 'no error allowed', check: check('errorRate', 0, 0.5), says: ['≤ 0 %', '50 %', '50 points above'] },
  { why: 'goodput', check: check('goodputShare', 0.999, 0.9), says: ['≥ 99.9 %', '90 %', '9.9 points below'] },
  { why: 'nothing known', check: check('ttft p99', 500, null), says: ['≤ 500 ms', null, null] },
];

for (const { why, check: one, says } of texts) {
  test(`a check in words: ${why}`, () => {
    assert.deepEqual([boundText(one), measuredText(one), missText(one)], says);
  });
}
