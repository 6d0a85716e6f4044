import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { code } from '../../lib/report/markdown-text.ts';
import { sampleReport } from './sample-report.ts';
import { variants } from './variants.ts';

test('code is one code span, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom<string[]>('`', ' ', '|', 'a', '\n') })),
      (text) => {
        const span = code(text);
        if (span === '(empty)') return;
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        assert.ok(span.endsWith(fence));
        const runs: readonly string[] = inside.match(/`+/g) ?? [];
        assert.ok(!runs.includes(fence), 'the fence does not occur inside');
        assert.doesNotMatch(inside, /^`|`$/, 'the fence is not lengthened by its neighbours');
        assert.doesNotMatch(span, /[|\n\r]/, 'neither table nor line is broken');
      },
    ),
  );
});

test('every row of every table has as many cells as its head', async (t) => {
  for (const [name, build] of Object.entries(variants)) {
    await t.test(name, () => {
      let cells = 0;
      for (const line of reportMarkdown(build()).split('\n')) {
        const found = line.startsWith('|') ? line.split('|').length : 0;
        if (found > 0 && cells > 0) assert.equal(found, cells, line);
        cells = found;
      }
    });
  }
});

test('a report fits a comment on GitHub (65,536 characters), even of 200 levels', async (t) => {
  for (const [name, build] of Object.entries(variants)) {
    await t.test(name, () => assert.ok(reportMarkdown(build()).length < 65_536));
  }
});

test('hostile text stands in code spans alone', () => {
  const outside = reportMarkdown(variants['hostile']?.() ?? sampleReport()).replace(
    /(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g,
    '',
  );
  assert.doesNotMatch(outside, /<script|evil\.example|<b>/);
});

test('a failed probe is told with the endpoint’s own words and what to do', () => {
  const text = reportMarkdown(variants['probe-failed']?.() ?? sampleReport());
  assert.match(text, /HTTP status 401/);
  assert.match(text, /Incorrect API key provided/);
  assert.match(text, /What to do:\*\* Check the key/);
});

test('what the figures mean is told in short, of several cells for the first', () => {
  const text = reportMarkdown(variants['lengths']?.() ?? sampleReport());
  const [, told = ''] = text.split('## What the figures mean');
  assert.match(told, /- \*\*Input tokens\.\*\*[\s\S]*- \*\*Output tokens\.\*\*[\s\S]*\*\*512 tokens in, 64 out\*\*/);
  assert.match(told, /Of the other lengths report\.html tells the same\./);
  assert.doesNotMatch(told, /4,096 tokens in, 256 out|Shorter and longer/);
  assert.doesNotMatch(reportMarkdown(variants['all-failed']?.() ?? sampleReport()), /What the figures mean/);
});
