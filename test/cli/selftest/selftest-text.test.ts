import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { accuracyVerdict } from '../../../lib/cli/selftest/accuracy-verdict.ts';
import { accuracyTable, selftestText } from '../../../lib/cli/selftest/selftest-text.ts';
import { quiet, spread } from './quiet-machine.ts';

describe('what a self-test prints', () => {
  const plain = (_: string, text: string) => text;
  const few = { ...spread, samples: 250, p99: null, p999: null, most: 123.4 };
  const rows = [{ ...quiet, streams: 1, tokenErrorMs: few, ttftErrorMs: few, eventLoopDelayP99Ms: 123 }, quiet];
  test('a table of at most 80 columns; where samples are too few for a percentile, the largest as its bound', () => {
    const lines = accuracyTable(rows, plain).split('\n');
    assert.equal(lines.length, 4);
    assert.ok(
      lines.every((line) => line.length === lines[0]?.length && line.length <= 80),
      lines.join('\n'),
    );
    assert.match(lines[2] ?? '', /^ +1 +0\.0500 +≤ 123 +≤ 123 +0\.0200 +≤ 123 +50\.0 µs +123$/);
  });
  test('then doubts, and the verdict as the last words', () => {
    const verdict = accuracyVerdict({ accuracies: [{ ...quiet, lost: 3 }], cores: 2, mockStepMs: 20 });
    const text = selftestText([quiet], verdict, { width: 80, paint: plain });
    assert.match(text, /\n\nBut: 3 of 640 answers[\s\S]*\n\nAt 64 streams [\s\S]*above 2 ms\.\n$/);
    assert.ok(text.split('\n').every((line) => line.length <= 80));
  });
  test('nothing measured is said so', () => {
    assert.match(selftestText([], null, { width: 80, paint: plain }), /Nothing could be measured/);
  });
});
