import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { terminalTable } from '../../lib/report/terminal-table.ts';
import { displayWidth, fitted, wrapped } from '../../lib/report/wrap.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

const plain = (name: string, columns: number) =>
  terminalTable(variants[name]?.() ?? sampleReport(), { columns, color: false });

test('no line is wider than the terminal', async (t) => {
  for (const name of Object.keys(variants)) {
    await t.test(name, () => {
      for (const columns of name === 'many-levels' ? [80] : [40, 80, 120, 200]) {
        for (const line of plain(name, columns).split('\n'))
          assert.ok(displayWidth(line) <= columns, `${columns}: ${line}`);
      }
    });
  }
});

test('the answer is the last thing said', () => {
  assert.match(
    plain('done', 80),
    /\nSend 1 parallel request for the lowest latency, 32 for a balance of both, 64 for\nthe highest throughput\.$/,
  );
  assert.match(plain('probe-failed', 80), /What to do: Check the key[\s\S]*\(target\.auth\.header\)\.$/);
});

test('narrow terminals keep throughput, latency and TTFT; wide ones show more', () => {
  const [narrow, wide] = [plain('done', 40), plain('done', 200)];
  assert.match(narrow, /parallel +output +p50 +p50\n/);
  for (const group of ['Per user', 'TPOT', 'Gaps', 'Mean tokens']) {
    assert.ok(!narrow.includes(group));
    assert.ok(wide.includes(group));
  }
});

test('the runs of a level are counted where there are several', () => {
  assert.match(plain('two-runs', 200), /^ +16 +3 /m);
  assert.match(plain('two-runs', 200), /^ +64 +1 /m);
  assert.doesNotMatch(plain('done', 200), /runs/i);
});

test('a void level is named with its reason, its limit and the remedy', () => {
  const text = plain('void-level', 120);
  assert.match(text, /^ +32 +void /m);
  assert.match(text, /^void: the load was not held at 32 \(71 %, limit 80 %\)\. Look for failures/m);
});

test('colour changes nothing but colour, and is off unless asked', () => {
  for (const name of ['troubled', 'running', 'hostile']) {
    const report = variants[name]?.() ?? sampleReport();
    const coloured = terminalTable(report, { columns: 100, color: true });
    assert.equal(stripVTControlCharacters(coloured), terminalTable(report, { columns: 100, color: false }));
  }
  const coloured = terminalTable(variants['void-level']?.() ?? sampleReport(), { columns: 100, color: true });
  assert.ok(coloured.includes('\u001b[31mvoid'));
});

test('foreign text holds no escape', () => {
  assert.doesNotMatch(plain('hostile', 120).replaceAll('\n', ''), /\p{Cc}/u);
});

test('a lower bound is marked, too few samples and undefined figures are told apart', () => {
  assert.match(plain('troubled', 80), /≥ 2,374/);
  assert.match(plain('done', 120), /few/);
  assert.match(plain('not-streamed', 80), /–/);
  assert.doesNotMatch(plain('not-streamed', 80), /NaN|null|undefined/);
});

test('wrapped counts columns, not code units, and cuts words that are too long', () => {
  assert.equal(wrapped('aa bb cc', 5), 'aa bb\ncc');
  assert.equal(wrapped('aa bb cc', 5, '  '), 'aa bb\n  cc');
  assert.equal(wrapped('模型模型模型', 8), '模型模型\n模型');
  assert.equal(wrapped('x'.repeat(20), 8), 'xxxxxxxx\nxxxxxxxx\nxxxx');
  assert.equal(displayWidth('👩‍🔬é'), 3);
  assert.equal(fitted('模型模型', 5), '模型…');
});
