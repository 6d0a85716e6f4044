import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveCsv } from '../../lib/report/curve-csv.ts';
import { failing, sampleReport, withLevel } from './sample-report.ts';
import { hostile, variants } from './variants.ts';

/** RFC 4180, read character by character. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (quoted && character === '"' && text[i + 1] === '"') {
      field += '"';
      i++;
    } else if (character === '"') quoted = !quoted;
    else if (quoted) field += character;
    else if (character === ',') {
      row.push(field);
      field = '';
    } else if (character === '\r' && text[i + 1] === '\n') {
      rows.push([...row, field]);
      row = [];
      field = '';
      i++;
    } else field += character;
  }
  assert.equal(field + row.join(), '', 'the file ends with a line break');
  return rows;
}

function records(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text);
  return rows.map((row) => {
    assert.equal(row.length, header.length, 'every row has as many fields as the header');
    return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
  });
}

test('one row per level, figures unrounded, undefined ones empty', () => {
  const report = sampleReport();
  const rows = records(curveCsv(report));
  assert.deepEqual(
    rows.map((row) => Number(row['parallel_requests'])),
    [1, 2, 4, 8, 16, 32, 64],
  );
  for (const [index, point] of report.points.entries()) {
    assert.equal(Number(rows[index]?.['output_tokens_per_s']), point.outputTokensPerSecond.value);
    assert.equal(Number(rows[index]?.['latency_p50_ms_ci_high']), point.latencyMs.ci.p50[1]);
  }
  assert.equal(rows[0]?.['latency_p99_ms'], '', 'too few samples for p99');
});

test('header names are unique and plain', () => {
  const [header = []] = parseCsv(curveCsv(sampleReport()));
  assert.equal(new Set(header).size, header.length);
  for (const name of header) assert.match(name, /^[a-z][a-z0-9_]*$/);
});

test('failures are counted by outcome, and a percentile among them says so', () => {
  const report = withLevel(sampleReport(), 64, (point) =>
    failing(point, 0.25, [{ outcome: 'throttled', message: 'slow down', count: 1 }]),
  );
  const row = records(curveCsv(report)).at(-1);
  assert.equal(row?.['errors_throttled'], '192');
  assert.equal(row?.['latency_p95_with_failures_ms'], 'not_reached');
});

test('foreign text keeps to its field and holds no control character', () => {
  const text = curveCsv(variants['hostile']?.() ?? sampleReport());
  const [row] = records(text);
  assert.ok(row?.['model']?.startsWith('<script>alert(1)</script> "quoted'));
  assert.ok(hostile.includes('\u001b'));
  assert.doesNotMatch(text.replaceAll('\r\n', ''), /\p{Cc}/u);
});

test('a text that a spreadsheet would run as a formula is not one', async (t) => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1']) {
    await t.test(JSON.stringify(name), () => {
      const [row] = records(curveCsv({ ...sampleReport(), name }));
      assert.match(row?.['name'] ?? '', /^['↵]/);
    });
  }
});

test('an SLO: its verdict, what was missed with figure and bound, goodput; empty without one', () => {
  const rows = records(curveCsv(variants['slo-met']?.() ?? sampleReport()));
  const [, , , , sixteen, thirtyTwo] = rows;
  assert.deepEqual([sixteen?.['slo'], sixteen?.['slo_missed'], sixteen?.['slo_undecided']], ['met', '', '']);
  assert.equal(thirtyTwo?.['slo'], 'missed');
  assert.match(thirtyTwo?.['slo_missed'] ?? '', /^ttft_p95:58\d\.\d+\/500 goodputShare:0\.27\d+\/0\.9$/);
  assert.match(thirtyTwo?.['goodput_share'] ?? '', /^0\.27/);
  const [undecided] = records(curveCsv(variants['slo-undecided']?.() ?? sampleReport()));
  assert.deepEqual([undecided?.['slo'], undecided?.['slo_undecided']], ['undecided', 'ttft_p99:/2000']);
  const [without] = records(curveCsv(sampleReport()));
  for (const name of ['slo', 'slo_missed', 'slo_undecided', 'goodput_share', 'goodput_requests_per_s'])
    assert.equal(without?.[name], '', name);
});

test('the slowest answer stands beside the percentiles', () => {
  const report = sampleReport();
  const [row] = records(curveCsv(report));
  assert.equal(Number(row?.['latency_max_ms']), report.points[0]?.latencyMs.max);
});

test('what all requests of a level used; empty where it is not known', () => {
  const report = sampleReport();
  const [row] = records(curveCsv(report));
  const { usage } = report.points[0] ?? {};
  assert.deepEqual(
    ['requests', 'input_tokens', 'output_tokens', 'requests_without_count'].map((name) =>
      Number(row?.[`usage_${name}`]),
    ),
    [usage?.requests, usage?.inputTokens, usage?.outputTokens, usage?.requestsWithoutUsage],
  );
  const [older] = records(curveCsv(withLevel(report, 1, (point) => ({ ...point, usage: null }))));
  assert.equal(older?.['usage_requests'], '');
});

test('no level: the header alone', () => {
  assert.equal(parseCsv(curveCsv({ ...sampleReport(), points: [] })).length, 1);
});
